using HighAvail.OrderService.Processing;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.OrderService.Processing;

public sealed class PendingOrdersTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessBatch_SeveralWorkers_ConfirmEachOrderOnce()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(500, Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                var worker = Worker(database, new OrderProcessingOptions { BatchSize = 20, RetryDelay = TimeSpan.FromMinutes(1) });
                while (await worker.ProcessBatchAsync() > 0)
                {
                }
            },
            Cancellation)));

        Assert.Equal(500, await CountAsync(database, "orders WHERE status = 'confirmed' AND version = 2 AND attempts = 1"));
        Assert.Equal(500, await CountAsync(database, "order_events WHERE type = 'confirmed' AND version = 2"));
    }

    // The primary key of the events would refuse a second confirmation; this shows that it does not come to that.
    [Fact]
    public async Task Confirm_SameOrdersByTwoWorkers_IsDoneByOne()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(50, Cancellation);
        var worker = Worker(database);
        var ids = await worker.CountAttemptAsync();

        var confirmed = await Task.WhenAll(worker.ConfirmAsync(ids), worker.ConfirmAsync(ids), Worker(database).ConfirmAsync(ids));

        Assert.Equal(ids.Order(), confirmed.SelectMany(some => some).Order());
    }

    [Fact]
    public async Task CountAttempt_WorkerDiesAfterIt_OrderIsCountedAndDueAgainSoon()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(1, Cancellation);
        var options = new OrderProcessingOptions { RetryDelay = TimeSpan.FromMilliseconds(50) };
        await Worker(database, options).CountAttemptAsync();

        Assert.Empty(await Worker(database, options).CountAttemptAsync());
        await Eventually.TrueAsync(async () => await Worker(database, options).ProcessBatchAsync() == 1, "another worker takes the order");

        Assert.Equal(1, await CountAsync(database, "orders WHERE status = 'confirmed' AND attempts = 2"));
    }

    [Fact]
    public async Task CountAttempt_ManyAttempts_WaitIsBounded()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(1, Cancellation);
        await using (var command = database.DataSource.CreateCommand("UPDATE orders SET attempts = 1000000"))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Worker(database).CountAttemptAsync();

        Assert.Equal(1, await CountAsync(
            database, "orders WHERE next_attempt_at BETWEEN now() + interval '20 seconds' AND now() + interval '30 seconds'"));
    }

    private async Task<OrderDatabase> CreateDatabaseAsync() =>
        await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);

    private static Task<long> CountAsync(OrderDatabase database, string rows) =>
        database.QueryAsync<long>($"SELECT count(*) FROM {rows}", Cancellation);

    private static PendingOrders Worker(OrderDatabase database, OrderProcessingOptions? options = null) =>
        new(database.DataSource, TimeProvider.System, Options.Create(options ?? new OrderProcessingOptions()));
}
