using System.Net;
using System.Net.Http.Json;
using HighAvail.OrderService.Access;

namespace HighAvail.Tests.OrderService.Processing;

public sealed class OrderProcessorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_PostgresKilledAndBack_GoesOn()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await using var database = await OrderDatabase.CreateAsync(server, Cancellation);
        using var authority = new TokenAuthority();
        await authority.PublishAsync(database.ConnectionString, Cancellation);
        await using var service = await ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            ("ConnectionStrings:ordersdb", database.ConnectionString), ("services:users:http:0", "http://127.0.0.1:1"));
        using var client = service.CreateClient(authority.Issue(Guid.CreateVersion7()));

        await server.KillAsync();
        var refused = await client.PostAsJsonAsync("/orders", Order, Cancellation);
        var health = await client.GetAsync("/health", Cancellation);
        await server.StartAsync(Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await Eventually.TrueAsync(
            async () => (await client.PostAsJsonAsync("/orders", Order, Cancellation)).StatusCode == HttpStatusCode.Created,
            "an order is taken");
        await Eventually.TrueAsync(
            async () => (await client.GetStringAsync("/orders?status=confirmed", Cancellation)).Contains("book", StringComparison.Ordinal),
            "it is confirmed");
    }

    private static object Order => new { currency = "EUR", lines = new[] { new { sku = "book", quantity = 1, unitPrice = 1 } } };
}
