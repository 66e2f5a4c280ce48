using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using HighAvail.OrderService.Processing;
using Npgsql;

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
    public async Task Decide_SameOrdersByTwoWorkers_IsDoneByOne()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(50, Cancellation);
        using var one = new OrderWorker(database);
        using var other = new OrderWorker(database);
        Guid[] ids = [.. (await one.Orders.ClaimAsync()).Select(order => order.Id)];

        var decided = await Task.WhenAll(one.Decisions.DecideAsync(ids), one.Decisions.DecideAsync(ids), other.Decisions.DecideAsync(ids));

        Assert.Equal(50, ids.Length);
        Assert.Equal(50, decided.Sum());
    }

    [Fact]
    public async Task Claim_WorkerDiesAfterIt_OrderIsCountedAndDueAgainSoon()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(1, Cancellation);
        var options = new OrderProcessingOptions { RetryDelay = TimeSpan.FromMinutes(1) };
        await Worker(database, options).ClaimAsync();

        Assert.Empty(await Worker(database, options).ClaimAsync());
        Assert.Equal(1, await CountAsync(database, "orders WHERE next_attempt_at BETWEEN now() AND now() + interval '1 minute'"));
        await database.ExecuteAsync("UPDATE orders SET next_attempt_at = now()", Cancellation);
        Assert.Equal(1, await Worker(database, options).ProcessBatchAsync());
        Assert.Equal(1, await CountAsync(database, "orders WHERE status = 'confirmed' AND attempts = 2"));
    }

    [Fact]
    public async Task Claim_ManyAttempts_WaitIsBounded()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(1, Cancellation);
        await using (var command = database.DataSource.CreateCommand("UPDATE orders SET attempts = 1000000"))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Worker(database).ClaimAsync();

        Assert.Equal(1, await CountAsync(
            database, "orders WHERE next_attempt_at BETWEEN now() + interval '20 seconds' AND now() + interval '30 seconds'"));
    }

    [Fact]
    public async Task ProcessBatch_CustomerDeactivated_RejectsWithTheReason()
    {
        await using var database = await CreateDatabaseAsync();
        var gone = Guid.CreateVersion7();
        var known = Guid.CreateVersion7();
        await database.ExecuteAsync($"INSERT INTO customers (id, deactivated_at) VALUES ('{gone}', now()), ('{known}', NULL)", Cancellation);
        await InsertDueAsync(database, gone);
        await InsertDueAsync(database, known);
        await InsertDueAsync(database, Guid.CreateVersion7());

        Assert.Equal(3, await Worker(database).ProcessBatchAsync());

        Assert.Equal(1, await CountAsync(
            database, $"orders WHERE customer_id = '{gone}' AND status = 'rejected' AND reason = 'The customer was deactivated.'"));
        Assert.Equal(2, await CountAsync(database, "orders WHERE status = 'confirmed' AND reason IS NULL"));
        Assert.Equal(1, await CountAsync(
            database, "order_events WHERE type = 'rejected' AND data->>'status' = 'rejected' AND data->>'reason' IS NOT NULL"));
    }

    [Fact]
    public async Task ProcessBatch_OnePoisonOrder_HoldsUpNoOther()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(20, Cancellation);
        var poison = await InsertPoisonAsync(database);

        Assert.Equal(21, await Worker(database).ProcessBatchAsync());

        Assert.Equal(20, await CountAsync(database, "orders WHERE status = 'confirmed' AND attempts = 1"));
        Assert.Equal(1, await CountAsync(database, $"orders WHERE id = '{poison}' AND status = 'pending' AND attempts = 1"));
    }

    [Fact]
    public async Task ProcessBatch_PoisonOrderAfterItsLastAttempt_IsSetAsideWithTheReason()
    {
        await using var database = await CreateDatabaseAsync();
        var poison = await InsertPoisonAsync(database);
        using var worker = new OrderWorker(
            database, new OrderProcessingOptions { MaxAttempts = 3, RetryDelay = TimeSpan.FromMilliseconds(10), MaxRetryDelay = TimeSpan.FromMilliseconds(10) });

        await Eventually.TrueAsync(
            async () =>
            {
                await worker.Orders.ProcessBatchAsync();
                return await CountAsync(database, "orders WHERE status = 'failed'") == 1;
            },
            "the order is set aside");

        Assert.Equal("It could not be processed in 3 attempts (error P0001).", await ReasonAsync(database, poison));
        Assert.Equal(3, await database.QueryAsync<int>("SELECT attempts FROM orders", Cancellation));
        Assert.Equal("1 placed, 2 failed", await database.EventsAsync(poison, Cancellation));
        Assert.Equal(0, await worker.Orders.ProcessBatchAsync());
    }

    [Fact]
    public async Task ProcessBatch_EveryWorkerSoFarWasKilled_IsSetAside()
    {
        await using var database = await CreateDatabaseAsync();
        var id = await InsertDueAsync(database, Guid.CreateVersion7());
        var options = new OrderProcessingOptions { MaxAttempts = 2, RetryDelay = TimeSpan.FromMilliseconds(10) };
        for (var i = 0; i < 2; i++)
        {
            await Eventually.TrueAsync(async () => (await Worker(database, options).ClaimAsync()).Count == 1, "the order is due");
        }

        await Eventually.TrueAsync(async () => await Worker(database, options).ProcessBatchAsync() == 1, "the order is due");

        Assert.Equal("It could not be processed in 2 attempts.", await ReasonAsync(database, id));
        Assert.Equal("1 placed, 2 failed", await database.EventsAsync(id, Cancellation));
    }

    // Its next event is there already, so neither confirming nor setting aside can ever work.
    [Fact]
    public async Task ProcessBatch_OrderThatCannotEvenBeSetAside_HoldsUpNoOther()
    {
        await using var database = await CreateDatabaseAsync();
        var broken = await InsertDueAsync(database, Guid.CreateVersion7());
        await database.ExecuteAsync(
            $"INSERT INTO order_events (order_id, version, type, data, at) VALUES ('{broken}', 2, 'confirmed', '{{}}', now())", Cancellation);
        await database.ExecuteAsync("UPDATE orders SET attempts = 7", Cancellation);
        await database.InsertPendingAsync(5, Cancellation);

        Assert.Equal(6, await Worker(database).ProcessBatchAsync());

        Assert.Equal(5, await CountAsync(database, "orders WHERE status = 'confirmed'"));
        Assert.Equal(1, await CountAsync(database, "orders WHERE status = 'pending'"));
    }

    [Fact]
    public async Task ProcessBatch_ServerRefusesEverything_CountsNoAttempt()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(3, Cancellation);
        await database.ExecuteAsync("ALTER TABLE customers RENAME TO elsewhere", Cancellation);

        await Assert.ThrowsAsync<PostgresException>(() => Worker(database).ProcessBatchAsync());

        Assert.Equal(3, await CountAsync(database, "orders WHERE status = 'pending' AND attempts = 0"));
    }

    // The lock comes between the count and the work: the count would have skipped the order.
    [Fact]
    public async Task Decide_SomebodyHoldsAnOrder_IsLeftForItsNextAttempt()
    {
        await using var database = await CreateDatabaseAsync();
        var held = await InsertDueAsync(database, Guid.CreateVersion7());
        using var worker = new OrderWorker(database);
        await worker.Orders.ClaimAsync();
        await using (var connection = await database.DataSource.OpenConnectionAsync(Cancellation))
        await using (await connection.BeginTransactionAsync(Cancellation))
        {
            await using var hold = new NpgsqlCommand("SELECT 1 FROM orders FOR UPDATE", connection);
            await hold.ExecuteNonQueryAsync(Cancellation);

            Assert.Equal(0, await worker.Decisions.DecideIfFreeAsync(held));
        }

        Assert.Equal(1, await worker.Decisions.DecideIfFreeAsync(held));
    }

    [Fact]
    public async Task ProcessBatch_Metrics_CountOutcomes()
    {
        await using var database = await CreateDatabaseAsync();
        await database.InsertPendingAsync(2, Cancellation);
        var gone = Guid.CreateVersion7();
        await database.ExecuteAsync($"INSERT INTO customers (id, deactivated_at) VALUES ('{gone}', now())", Cancellation);
        await InsertDueAsync(database, gone);
        using var worker = new OrderWorker(database);
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == worker.Meters && instrument.Name == "highavail.orders.processed")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => counted[(string)tags[0].Value!] = count);
        listener.Start();

        await worker.Orders.ProcessBatchAsync();

        Assert.Equal(new Dictionary<string, long> { ["confirmed"] = 2, ["rejected"] = 1 }, counted);
    }

    [Fact]
    public async Task ProcessBatch_OrderOfASampledRequest_LinksToItsTrace()
    {
        await using var database = await CreateDatabaseAsync();
        var id = await InsertDueAsync(database, Guid.CreateVersion7());
        var trace = ActivityTraceId.CreateRandom();
        await database.ExecuteAsync(
            $"UPDATE orders SET trace_parent = '00-{trace}-{ActivitySpanId.CreateRandom()}-01' WHERE id = '{id}'", Cancellation);
        var linked = new ConcurrentBag<ActivityTraceId>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "HighAvail.OrderService",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                foreach (var link in activity.Links)
                {
                    linked.Add(link.Context.TraceId);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await Worker(database).ProcessBatchAsync();

        Assert.Contains(trace, linked);
    }

    private static async Task<Guid> InsertDueAsync(OrderDatabase database, Guid customer)
    {
        var id = await database.InsertAsync(customer, "pending", Cancellation);
        await database.ExecuteAsync($"UPDATE orders SET next_attempt_at = now() WHERE id = '{id}'", Cancellation);
        return id;
    }

    // Whoever confirms it fails.
    private static async Task<Guid> InsertPoisonAsync(OrderDatabase database)
    {
        var id = await InsertDueAsync(database, Guid.CreateVersion7());
        await database.ExecuteAsync(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON orders FOR EACH ROW WHEN (NEW.id = '{id}' AND NEW.status = 'confirmed') EXECUTE FUNCTION refuse()
            """,
            Cancellation);
        return id;
    }

    private static Task<string> ReasonAsync(OrderDatabase database, Guid id) =>
        database.QueryAsync<string>($"SELECT reason FROM orders WHERE id = '{id}' AND status = 'failed'", Cancellation);

    private async Task<OrderDatabase> CreateDatabaseAsync() =>
        await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);

    private static Task<long> CountAsync(OrderDatabase database, string rows) =>
        database.QueryAsync<long>($"SELECT count(*) FROM {rows}", Cancellation);

    private static PendingOrders Worker(OrderDatabase database, OrderProcessingOptions? options = null) =>
        new OrderWorker(database, options).Orders;
}
