using System.Text.Json;
using HighAvail.OrderService.Feed;

namespace HighAvail.Tests.OrderService.Feed;

public sealed class FeedStoreTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly TokenAuthority _authority = new();
    private readonly Guid _customer = Guid.CreateVersion7();
    private OrderDatabase _database = null!;
    private FeedStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        _store = new FeedStore(_database.DataSource, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _authority.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Apply_NewCustomer_StoresItAndThePosition()
    {
        var start = await _store.ReadPositionAsync(Cancellation);

        Assert.True(await _store.ApplyAsync(start, Page("a", Customer(1, "Ann"))));

        Assert.Equal(new FeedPosition(null, 1), start);
        Assert.Equal(new FeedPosition("a", 1), await _store.ReadPositionAsync(Cancellation));
        Assert.Equal("Ann 1", await ReadCustomerAsync());
    }

    [Fact]
    public async Task Apply_SamePageByTwoReplicas_IsAppliedOnce()
    {
        var start = await _store.ReadPositionAsync(Cancellation);

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => _store.ApplyAsync(start, Page("a", Customer(1, $"Ann {i}")))));

        Assert.Single(applied, isApplied => isApplied);
        Assert.False(await _store.ApplyAsync(start, Page("b", Customer(2, "Eve"))));
        Assert.StartsWith("Ann", await ReadCustomerAsync());
    }

    [Fact]
    public async Task Apply_OlderVersion_OverwritesNothing()
    {
        await ApplyAsync(Page("a", Customer(2, "Ann")));
        await ApplyAsync(Page("b", Customer(1, "Old")));

        Assert.Equal("Ann 2", await ReadCustomerAsync());
        Assert.Equal("b", (await _store.ReadPositionAsync(Cancellation)).Cursor);
    }

    [Fact]
    public async Task Apply_Deactivation_RejectsWhatIsPendingOfThatCustomerAlone()
    {
        await ApplyAsync(Page("a", Customer(1, "Ann")));
        var pending = await InsertOrderAsync(_customer, "pending");
        var confirmed = await InsertOrderAsync(_customer, "confirmed");
        var another = await InsertOrderAsync(Guid.CreateVersion7(), "pending");

        await ApplyAsync(Page("b", Customer(2, "Ann", DateTime.UtcNow)));

        Assert.Equal("rejected 2 The customer was deactivated.", await ReadOrderAsync(pending));
        Assert.Equal("confirmed 1", await ReadOrderAsync(confirmed));
        Assert.Equal("pending 1", await ReadOrderAsync(another));
        Assert.Equal(
            """rejected 2 {"reason": "The customer was deactivated.", "status": "rejected"}""",
            await _database.QueryAsync<string>($"SELECT concat_ws(' ', type, version, data) FROM order_events WHERE order_id = '{pending}'", Cancellation));
        Assert.Equal(1, await _database.QueryAsync<long>("SELECT count(*) FROM order_events", Cancellation));
    }

    [Fact]
    public async Task Apply_NewAndRetiredKeys_AreStoredAndDeleted()
    {
        using var next = new TokenAuthority();
        await ApplyAsync(Page("a", keys: [Key(_authority), Key(next)]));
        Assert.Equal(Sorted(_authority.Kid, next.Kid), await ReadKeysAsync());

        await ApplyAsync(Page("b", keys: [Key(_authority, isRetired: true)]));

        Assert.Equal(next.Kid, await ReadKeysAsync());
    }

    [Fact]
    public async Task Apply_KeyOfAnotherKind_IsPassedOver()
    {
        var key = JsonSerializer.Deserialize<JsonElement>("""{"kty":"oct","kid":"1","k":"c2VjcmV0"}""");

        await ApplyAsync(Page("a", keys: [new(key, IsRetired: false), Key(_authority)]));

        Assert.Equal(_authority.Kid, await ReadKeysAsync());
    }

    [Fact]
    public async Task Restart_UserServiceWasRestored_TakesItsStateAndForgetsKeysItDoesNotName()
    {
        using var lost = new TokenAuthority();
        await ApplyAsync(Page("a", Customer(5, "Ann"), [Key(_authority), Key(lost)]));

        var position = await _store.ReadPositionAsync(Cancellation);
        await _store.RestartAsync(position);
        await _store.RestartAsync(position);
        Assert.Equal(new FeedPosition(null, 2), await _store.ReadPositionAsync(Cancellation));
        Assert.False(await _store.ApplyAsync(position, Page("b")));

        // Until everything is read the old keys go on verifying.
        await ApplyAsync(Page("b", keys: [Key(_authority)]) with { Remaining = 1 });
        Assert.Equal(Sorted(_authority.Kid, lost.Kid), await ReadKeysAsync());

        await ApplyAsync(Page("c", Customer(3, "Ann before")));
        Assert.Equal(_authority.Kid, await ReadKeysAsync());
        Assert.Equal("Ann before 3", await ReadCustomerAsync());
    }

    private static ChangePage Page(string next, ChangePage.User? user = null, ChangePage.SigningKey[]? keys = null) =>
        new(user is null ? [] : [user], keys ?? [], next, Remaining: 0, RemainingSince: null);

    private static ChangePage.SigningKey Key(TokenAuthority authority, bool isRetired = false) =>
        new(JsonSerializer.Deserialize<JsonElement>(authority.Jwk), isRetired);

    private static string Sorted(params string[] kids) => string.Join(',', kids.Order(StringComparer.Ordinal));

    private ChangePage.User Customer(long version, string name, DateTime? deactivatedAt = null) => new(_customer, version, name, deactivatedAt);

    private async Task ApplyAsync(ChangePage page) => Assert.True(await _store.ApplyAsync(await _store.ReadPositionAsync(Cancellation), page));

    private async Task<Guid> InsertOrderAsync(Guid customer, string status) => await _database.QueryAsync<Guid>(
        $"""
        INSERT INTO orders (id, customer_id, status, currency, lines, total, created_at, updated_at)
        VALUES (gen_random_uuid(), '{customer}', '{status}', 'EUR', '[]', 0, now(), now())
        RETURNING id
        """,
        Cancellation);

    private Task<string> ReadOrderAsync(Guid id) =>
        _database.QueryAsync<string>($"SELECT concat_ws(' ', status, version, reason) FROM orders WHERE id = '{id}'", Cancellation);

    private Task<string> ReadCustomerAsync() =>
        _database.QueryAsync<string>($"SELECT display_name || ' ' || version FROM customers WHERE id = '{_customer}'", Cancellation);

    private Task<string> ReadKeysAsync() =>
        _database.QueryAsync<string>("SELECT string_agg(kid, ',' ORDER BY kid COLLATE \"C\") FROM signing_keys", Cancellation);
}
