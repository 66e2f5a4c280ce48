using System.Net;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class FinalOrdersTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    private static readonly TimeSpan _old = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("shipped")]
    [InlineData("cancelled")]
    [InlineData("rejected")]
    public async Task Get_FinalOrderReadBefore_IsNotReadAgain(string status)
    {
        var id = await Database.InsertAsync(Customer, status, Cancellation, _old);
        var first = await Client.GetStringAsync($"/orders/{id}", Cancellation);

        await Database.ExecuteAsync($"DELETE FROM orders WHERE id = '{id}'", Cancellation);

        Assert.Equal(first, await Client.GetStringAsync($"/orders/{id}", Cancellation));
    }

    [Theory]
    [InlineData("confirmed")]
    [InlineData("pending")]
    [InlineData("failed")]
    public async Task Get_OrderThatMayChange_IsReadAnew(string status)
    {
        var id = await Database.InsertAsync(Customer, status, Cancellation, _old);
        await Client.GetStringAsync($"/orders/{id}", Cancellation);

        await Database.ExecuteAsync($"UPDATE orders SET version = 9 WHERE id = '{id}'", Cancellation);

        Assert.Equal(9, (long)(await ReadAsync(await Client.GetAsync($"/orders/{id}", Cancellation)))["version"]!);
    }

    [Fact]
    public async Task Get_FinalOrderInTheCache_IsShownToItsOwnerAndAdministratorsAlone()
    {
        var id = await Database.InsertAsync(Customer, "shipped", Cancellation, _old);
        var owned = await Client.GetStringAsync($"/orders/{id}", Cancellation);
        using var stranger = Service.CreateClient(Authority.Issue(Guid.CreateVersion7()));
        using var admin = CreateAdmin();

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/orders/{id}", Cancellation)).StatusCode);
        Assert.Equal(owned, await admin.GetStringAsync($"/orders/{id}", Cancellation));
        Assert.Equal(owned, await Client.GetStringAsync($"/orders/{id}", Cancellation));
    }

    [Fact]
    public async Task Get_FinalOrderThatOnlyStrangersAskedFor_IsNotKeptAsMissing()
    {
        var id = await Database.InsertAsync(Customer, "shipped", Cancellation, _old);
        using var stranger = Service.CreateClient(Authority.Issue(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/orders/{id}", Cancellation)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync($"/orders/{id}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Get_FinalOrderThatAnotherReplicaReadBefore_ComesFromRedis()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var one = await StartReplicaAsync(("ConnectionStrings:cache", redis.ConnectionString));
        await using var other = await StartReplicaAsync(("ConnectionStrings:cache", redis.ConnectionString));
        using var first = one.CreateClient(Authority.Issue(Customer));
        using var second = other.CreateClient(Authority.Issue(Customer));
        var order = "";
        // Connecting to Redis may take longer than a reader waits, and it is written to in the background: some first readers go without it.
        await Eventually.TrueAsync(async () =>
        {
            var id = await Database.InsertAsync(Customer, "shipped", Cancellation, _old);
            order = await first.GetStringAsync($"/orders/{id}", Cancellation);
            await Database.ExecuteAsync($"DELETE FROM orders WHERE id = '{id}'", Cancellation);
            using var answer = await second.GetAsync($"/orders/{id}", Cancellation);
            return answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync(Cancellation) == order;
        });
    }
}
