using System.Net;
using System.Net.Http.Json;
using HighAvail.OrderService.Access;
using HighAvail.OrderService.Processing;
using HighAvail.ServiceDefaults.Draining;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Tests.OrderService.Processing;

public sealed class OrderProcessorTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_PostgresKilledAndBack_GoesOn()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await using var database = await OrderDatabase.CreateAsync(server, Cancellation);
        using var authority = new TokenAuthority();
        await authority.PublishAsync(database.ConnectionString, Cancellation);
        await using var service = await StartAsync(database);
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

    [Fact]
    public async Task Process_NothingAnnounced_IsFoundByPolling()
    {
        await using var database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        await using var service = await StartAsync(database);

        // Not through the API: nobody is told.
        await database.InsertPendingAsync(250, Cancellation);

        await Eventually.TrueAsync(
            async () => await database.QueryAsync<long>("SELECT count(*) FROM orders WHERE status = 'confirmed'", Cancellation) == 250,
            "they are confirmed");
    }

    [Fact]
    public async Task Process_ReplicaDrains_ClaimsNothingMore()
    {
        await using var database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        await using var service = await StartAsync(database);
        var processor = service.Services.GetServices<IHostedService>().OfType<OrderProcessor>().Single();

        service.Services.GetRequiredService<DrainSignal>().Begin();

        await processor.ExecuteTask!.WaitAsync(Cancellation);
        Assert.True(processor.ExecuteTask!.IsCompletedSuccessfully);
    }

    private static Task<ServiceReplica<SigningKeyCopy>> StartAsync(OrderDatabase database) =>
        ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            ("ConnectionStrings:ordersdb", database.ConnectionString), ("services:users:http:0", "http://127.0.0.1:1"));

    private static object Order => new { currency = "EUR", lines = new[] { new { sku = "book", quantity = 1, unitPrice = 1 } } };
}
