using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.OrderService.Access;
using HighAvail.UserService.Keys;
using Npgsql;

namespace HighAvail.Tests.OrderService.Feed;

/// <summary>Both services as they are, each with a database of its own.</summary>
public sealed class UserFollowerTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly object _order = new { currency = "EUR", lines = new[] { new { sku = "tea", quantity = 1, unitPrice = 450 } } };

    private string _usersDatabase = null!;
    private OrderDatabase _database = null!;
    private ServiceReplica<SigningKeyStore> _users = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var server = await postgres.GetAsync(Cancellation);
        _usersDatabase = await server.CreateDatabaseAsync(Cancellation);
        _database = await OrderDatabase.CreateAsync(server, Cancellation);
        _users = await ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", _usersDatabase));
    }

    public async ValueTask DisposeAsync()
    {
        await _users.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Follow_UserRegistersChangesAndLeaves_CustomerFollowsAndPendingOrdersAreRejected()
    {
        await using var orders = await StartOrdersAsync();
        // Not due for an hour, so that the order is still pending when its customer leaves.
        await ExecuteAsync(_database.ConnectionString, "ALTER TABLE orders ALTER next_attempt_at SET DEFAULT now() + interval '1 hour'");
        var (id, token) = await SignInAsync();
        await CustomerIsAsync(id, "Ann 1 active");
        using var client = orders.CreateClient(token);
        var placed = await client.PostAsJsonAsync("/orders", _order, Cancellation);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);

        using var owner = _users.CreateClient(token);
        using var rename = new HttpRequestMessage(HttpMethod.Patch, $"/users/{id}") { Content = JsonContent.Create(new { displayName = "Anna" }) };
        rename.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await owner.SendAsync(rename, Cancellation)).EnsureSuccessStatusCode();
        await CustomerIsAsync(id, "Anna 2 active");
        (await owner.DeleteAsync($"/users/{id}", Cancellation)).EnsureSuccessStatusCode();
        await CustomerIsAsync(id, "Anna 3 deactivated");

        var order = await client.GetFromJsonAsync<JsonObject>(placed.Headers.Location, Cancellation);
        Assert.Equal(("rejected", "The customer was deactivated."), ((string?)order!["status"], (string?)order["reason"]));
    }

    [Fact]
    public async Task Follow_UserServiceRestoredElsewhere_ReadsEverythingAnew()
    {
        await using var orders = await StartOrdersAsync();
        var (id, _) = await SignInAsync();
        await CustomerIsAsync(id, "Ann 1 active");
        await ExecuteAsync(_database.ConnectionString, "UPDATE customers SET version = 9, display_name = 'from the future'");

        await ExecuteAsync(_usersDatabase, "UPDATE feed_epoch SET identity = ''");
        var (another, _) = await SignInAsync("bob@example.org");

        await CustomerIsAsync(another, "Ann 1 active");
        await CustomerIsAsync(id, "Ann 1 active");
        Assert.Equal(2, await _database.QueryAsync<long>("SELECT round FROM feed_position", Cancellation));
    }

    [Fact]
    public async Task Follow_KeyRetired_IsForgottenByEveryReplica()
    {
        using var old = new TokenAuthority();
        await ExecuteAsync(
            _usersDatabase,
            $"""
            INSERT INTO signing_keys (generation, kid, private_key, public_jwk, not_before, created_at)
            VALUES (99, '{old.Kid}', '', '{old.Jwk}', 'infinity', now())
            """);
        await using var first = await StartOrdersAsync();
        await using var second = await StartOrdersAsync();
        var token = old.Issue(Guid.CreateVersion7());
        // Until the horizon of the feed has passed every transaction of other tests, the key is not known.
        await Eventually.TrueAsync(async () => await ListAsync(first, token) == HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => await ListAsync(second, token) == HttpStatusCode.OK);

        await ExecuteAsync(_usersDatabase, $"UPDATE signing_keys SET retired_at = now() WHERE kid = '{old.Kid}'");

        await Eventually.TrueAsync(async () => await ListAsync(first, token) == HttpStatusCode.Unauthorized);
        await Eventually.TrueAsync(async () => await ListAsync(second, token) == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Verify_UnknownKey_IsRefusedOnlyWhenTheUserServiceDoesNotKnowIt()
    {
        using var stranger = new TokenAuthority();
        var token = stranger.Issue(Guid.CreateVersion7());
        await using var orders = await StartOrdersAsync();
        // Until the horizon of the feed has passed every transaction of other tests, the answer is still open.
        await Eventually.TrueAsync(async () => await ListAsync(orders, token) == HttpStatusCode.Unauthorized);

        await _users.DisposeAsync();

        await Eventually.TrueAsync(async () => await ListAsync(orders, token) == HttpStatusCode.ServiceUnavailable);
        using var client = orders.CreateClient(token);
        using var response = await client.GetAsync("/orders", Cancellation);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private Task<ServiceReplica<SigningKeyCopy>> StartOrdersAsync(params (string, string)[] settings) =>
        ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            [("ConnectionStrings:ordersdb", _database.ConnectionString), ("services:users:http:0", _users.Address.ToString()), .. settings]);

    private static async Task<HttpStatusCode> ListAsync(ServiceReplica<SigningKeyCopy> orders, string token)
    {
        using var client = orders.CreateClient(token);
        return (await client.GetAsync("/orders", Cancellation)).StatusCode;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(database);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private Task CustomerIsAsync(Guid id, string expected) => Eventually.TrueAsync(
        async () => expected == await _database.QueryAsync<string>(
            $"""
            SELECT coalesce(max(display_name || ' ' || version || CASE WHEN deactivated_at IS NULL THEN ' active' ELSE ' deactivated' END), '')
            FROM customers WHERE id = '{id}'
            """,
            Cancellation),
        $"the customer is {expected}");

    private async Task<(Guid Id, string Token)> SignInAsync(string email = "ann@example.org")
    {
        using var client = _users.CreateClient();
        var person = new { email, password = "correct horse battery", displayName = "Ann" };
        var user = await (await client.PostAsJsonAsync("/auth/register", person, Cancellation)).Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        var login = await client.PostAsJsonAsync("/auth/login", new { email, person.password }, Cancellation);
        var token = (await login.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["accessToken"]!;
        return (Guid.Parse((string)user!["id"]!), (string)token!);
    }
}
