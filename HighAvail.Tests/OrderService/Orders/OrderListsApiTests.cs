using System.Net;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class OrderListsApiTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    [Fact]
    public async Task List_ByCustomer_IsForAdminsAndForOneself()
    {
        var mine = await InsertAsync("confirmed");
        await Database.InsertAsync(Guid.CreateVersion7(), "confirmed", Cancellation);
        using var admin = CreateAdmin();
        using var other = Service.CreateClient(Authority.Issue(Guid.CreateVersion7()));
        var path = $"/orders?customerId={Customer}";

        Assert.Equal([mine], await ListAsync(admin, path));
        Assert.Equal([mine], await ListAsync(admin, $"{path}&status=confirmed"));
        Assert.Empty(await ListAsync(admin, $"{path}&status=shipped"));
        Assert.Equal([mine], await ListAsync(Client, path));
        await AssertProblemAsync(await other.GetAsync(path, Cancellation), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task List_All_IsForAdminsAndGivesEverybodysOrders()
    {
        var placed = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            placed.Add(await Database.InsertAsync(Guid.CreateVersion7(), "rejected", Cancellation));
        }

        using var admin = CreateAdmin();

        var listed = await ListAllAsync(admin, "/orders?all=true&limit=2");
        Assert.Subset(listed.ToHashSet(), placed.ToHashSet());
        Assert.Equal(listed.Distinct().Count(), listed.Count);
        Assert.Equal(placed.OrderDescending(), await ListAllAsync(admin, "/orders?all=true&status=rejected&limit=2"));
        Assert.Empty(await ListAsync(admin, "/orders?all=false"));
        await AssertProblemAsync(await Client.GetAsync("/orders?all=true", Cancellation), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task List_WithoutLimit_GivesFifty()
    {
        for (var i = 0; i < 51; i++)
        {
            await InsertAsync("confirmed");
        }

        var page = await ReadAsync(await Client.GetAsync("/orders", Cancellation));

        Assert.Equal(50, page["items"]!.AsArray().Count);
        Assert.NotNull(page["next"]);
    }

    [Fact]
    public async Task ListFailed_Admin_GivesThemWithTheReasonPageByPage()
    {
        Guid[] failed = [await InsertAsync("failed"), await InsertAsync("failed"), await InsertAsync("failed")];
        await InsertAsync("pending");
        using var admin = CreateAdmin();

        var page = await ReadAsync(await admin.GetAsync("/orders/failed?limit=2", Cancellation));

        Assert.All(page["items"]!.AsArray(), order => Assert.Equal("broken", (string?)order!["reason"]));
        Assert.Equal(failed.OrderDescending(), await ListAllAsync(admin, "/orders/failed?limit=2"));
        await AssertProblemAsync(await Client.GetAsync("/orders/failed", Cancellation), HttpStatusCode.Forbidden);
        await AssertProblemAsync(await admin.GetAsync("/orders/failed?limit=0", Cancellation), HttpStatusCode.BadRequest);
        await AssertProblemAsync(await admin.GetAsync("/orders/failed?after=x", Cancellation), HttpStatusCode.BadRequest);
    }

    // The planner is told that there is much: what it then walks is what it walks when there is.
    [Theory]
    [InlineData("status = 'failed'", "orders_settled")]
    [InlineData("status = 'shipped'", "orders_settled")]
    [InlineData("status = 'pending'", "orders_pending")]
    public async Task List_RareStatus_WalksASmallIndex(string condition, string index)
    {
        await using var database = await OrderDatabase.CreateAsync(await Fixture.Postgres.GetAsync(Cancellation), Cancellation);
        await database.ExecuteAsync(
            """
            INSERT INTO orders (id, customer_id, status, currency, lines, total, created_at, updated_at)
            SELECT gen_random_uuid(), gen_random_uuid(), CASE WHEN i % 1000 = 0 THEN 'failed' WHEN i % 1000 = 1 THEN 'shipped'
                WHEN i % 1000 = 2 THEN 'pending' ELSE 'confirmed' END, 'EUR', '[]', 0, now(), now()
            FROM generate_series(1, 20000) AS i;
            ANALYZE orders
            """,
            Cancellation);

        var plan = await database.QueryAsync<string>(
            $"EXPLAIN (FORMAT JSON) SELECT * FROM orders WHERE id < 'ffffffff-ffff-ffff-ffff-ffffffffffff' AND {condition} ORDER BY id DESC LIMIT 51",
            Cancellation);

        Assert.Contains(index, plan, StringComparison.Ordinal);
    }

    private static async Task<List<Guid>> ListAllAsync(HttpClient client, string path)
    {
        var all = new List<Guid>();
        for (string? next = ""; next is not null;)
        {
            var page = await ReadAsync(await client.GetAsync(next.Length > 0 ? $"{path}&after={next}" : path, Cancellation));
            all.AddRange(page["items"]!.AsArray().Select(order => (Guid)order!["id"]!));
            next = (string?)page["next"];
        }

        return all;
    }

    private static async Task<IEnumerable<Guid>> ListAsync(HttpClient client, string path) =>
        (await ReadAsync(await client.GetAsync(path, Cancellation)))["items"]!.AsArray().Select(order => (Guid)order!["id"]!);
}
