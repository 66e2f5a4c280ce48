using System.Net;
using System.Text.Json.Nodes;
using HighAvail.UserService.Keys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace HighAvail.Tests.UserService;

public sealed class ReplicaStartTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_TwoReplicasAtOnce_ShareOneSchemaAndOneKey()
    {
        var server = await postgres.GetAsync(Cancellation);
        var database = await server.CreateDatabaseAsync(Cancellation);

        var replicas = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            () => ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", database)), Cancellation)));

        await using var first = replicas[0];
        await using var second = replicas[1];
        Assert.Equal(await GetKeysAsync(first), await GetKeysAsync(second));
        await using var dataSource = NpgsqlDataSource.Create(database);
        await using var command = dataSource.CreateCommand("SELECT count(*) - count(DISTINCT scriptname) FROM schemaversions");
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Start_ClockIsBehindThatOfTheFirst_UsesItsKeys()
    {
        var database = await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation);

        await using var first = await ServiceReplica<SigningKeyStore>.StartReadyAsync(
            services => services.AddSingleton<TimeProvider>(new ClockAhead()), ("ConnectionStrings:usersdb", database));
        await using var second = await ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", database));

        var keys = await GetKeysAsync(first);
        Assert.Equal(2, JsonNode.Parse(keys)!["keys"]!.AsArray().Count);
        Assert.Equal(keys, await GetKeysAsync(second));
    }

    [Fact]
    public async Task Start_PostgresAway_LivesAndBecomesReadyWhenItIsThere()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        var database = await server.CreateDatabaseAsync(Cancellation);
        await server.StopAsync();

        await using var replica = ServiceReplica<SigningKeyStore>.Start(("ConnectionStrings:usersdb", database));
        using var client = replica.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health", Cancellation)).StatusCode);

        await server.StartAsync(Cancellation);
        await replica.WaitUntilReadyAsync();
    }

    private static async Task<string> GetKeysAsync(ServiceReplica<SigningKeyStore> replica)
    {
        using var client = replica.CreateClient();
        return await client.GetStringAsync("/.well-known/jwks.json", Cancellation);
    }

    private sealed class ClockAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromSeconds(3);
    }
}
