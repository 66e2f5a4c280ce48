using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Data.Migrations;
using HighAvail.UserService.Feed;
using HighAvail.UserService.Keys;
using Npgsql;

namespace HighAvail.Tests.UserService;

/// <summary>While replicas are replaced one by one, those of the previous release work on with the schema of this one.</summary>
public sealed class PreviousReleaseTests(SharedPostgres postgres)
{
    // More often than it takes until a session prepares a statement and keeps its plan.
    private const int Times = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PreviousRelease_SchemaIsMigratedUnderIt_WorksOnAndItsWritesAreInTheFeed()
    {
        var server = await postgres.GetAsync(Cancellation);
        var connectionString = await server.CreateDatabaseAsync(Cancellation);
        PreviousSchema.Apply(connectionString, typeof(SigningKeyStore).Assembly, PreviousRelease.LastScript);
        // Its sessions are open all the time, with whatever they have prepared.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1 };
        settings.UseSessionDefaults();
        await using var session = NpgsqlDataSource.Create(settings);
        var previous = new PreviousRelease(session);
        var users = new List<Guid>();
        Assert.Equal(1, await previous.CreateKeyAsync("first"));
        await DoEverythingAsync(previous, users);

        await using var current = NpgsqlDataSource.Create(connectionString);
        Assert.NotEqual(0, await new Migrator(current, new MigrationScripts(typeof(SigningKeyStore).Assembly)).RunAsync(Cancellation));
        await DoEverythingAsync(previous, users);

        var feed = new ChangeFeed(current);
        var start = await feed.FindStartAsync(null, Cancellation);
        await Eventually.TrueAsync(
            async () => (await feed.ReadAsync(start!.Value, 100, Cancellation)).Users.Select(user => user.Id).Order().SequenceEqual(users.Order()),
            "all users are in the feed");
    }

    private static async Task DoEverythingAsync(PreviousRelease previous, List<Guid> users)
    {
        for (var i = 0; i < Times; i++)
        {
            var id = Guid.CreateVersion7();
            users.Add(id);
            Assert.Equal(1, await previous.RegisterAsync(id, $"{id}@example.org"));
            Assert.Equal(0, await previous.RegisterAsync(id, $"{id}@example.org"));
            Assert.Equal(id, await previous.FindAccountAsync($"{id}@example.org"));
            Assert.Equal("Ann", await previous.FindNameAsync(id));
            Assert.Equal(0, await previous.CreateKeyAsync("another"));
            Assert.Equal(1, await previous.LoadKeysAsync());
        }
    }
}
