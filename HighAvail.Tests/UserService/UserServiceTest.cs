using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Tests.Infrastructure;
using HighAvail.UserService.Keys;
using Npgsql;

namespace HighAvail.Tests.UserService;

/// <summary>What tests of the User service's API have in common: a replica and a database of their own.</summary>
public abstract class UserServiceTest(SharedPostgres postgres) : IAsyncLifetime
{
    protected const string Password = "correct horse battery";

    private protected ServiceReplica<SigningKeyStore> Service { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    protected string Database { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var server = await postgres.GetAsync(Cancellation);
        Database = await server.CreateDatabaseAsync(Cancellation);
        Service = await StartReplicaAsync();
        Client = Service.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected Task<ServiceReplica<SigningKeyStore>> StartReplicaAsync() =>
        ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", Database));

    protected Task<HttpResponseMessage> PostAsync(string path, object body) => Client.PostAsJsonAsync(path, body, Cancellation);

    protected static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

    /// <summary>Registers and signs in; returns the user and a client with the access token.</summary>
    protected async Task<(JsonNode User, HttpClient Client)> RegisterAsync(string email, string role = "customer")
    {
        var user = await ReadAsync(await PostAsync("/auth/register", new { email, password = Password, displayName = "Somebody" }));
        if (role != "customer")
        {
            await ExecuteAsync($"UPDATE users SET role = '{role}' WHERE id = '{user["id"]}'");
        }

        var login = await ReadAsync(await PostAsync("/auth/login", new { email, password = Password }));
        return (user, Service.CreateClient((string)login["accessToken"]!));
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(Database);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    protected async Task<T> QueryAsync<T>(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(Database);
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
