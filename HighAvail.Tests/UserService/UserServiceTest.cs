using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace HighAvail.Tests.UserService;

/// <summary>What tests of the User service's API have in common.</summary>
public abstract class UserServiceTest(UserServiceFixture fixture) : IClassFixture<UserServiceFixture>
{
    protected const string Password = "correct horse battery";

    private protected UserServiceFixture Fixture => fixture;

    protected HttpClient Client { get; } = fixture.Service.CreateClient();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    protected Task<HttpResponseMessage> PostAsync(string path, object body) => Client.PostAsJsonAsync(path, body, Cancellation);

    /// <summary>Repeats as the gateway does: on a busy machine a lock, a connection or the check of a password may not be had in time.</summary>
    protected static async Task<HttpResponseMessage> RideOutAsync(Func<Task<HttpResponseMessage>> send)
    {
        var patience = Patience.Token;
        while (true)
        {
            var answer = await send();
            if (answer is not { StatusCode: System.Net.HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null })
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(50, patience);
        }
    }

    protected static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

    /// <summary>Registers and signs in somebody new; returns the user and a client with the access token.</summary>
    protected async Task<(JsonNode User, HttpClient Client)> RegisterAsync(string role = "customer")
    {
        var email = NewEmail();
        var user = await ReadAsync(await PostAsync("/auth/register", new { email, password = Password, displayName = "Somebody" }));
        if (role != "customer")
        {
            await ExecuteAsync($"UPDATE users SET role = '{role}' WHERE id = '{user["id"]}'");
        }

        var login = await ReadAsync(await PostAsync("/auth/login", new { email, password = Password }));
        return (user, Fixture.Service.CreateClient((string)login["accessToken"]!));
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(Fixture.Database);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    protected async Task<T> QueryAsync<T>(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(Fixture.Database);
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
