using System.Net;
using System.Net.Http.Json;
using CsCheck;
using HighAvail.OrderService.Access;
using HighAvail.OrderService.Processing;
using HighAvail.Tests.OrderService.Processing;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class OrderLifePropertyTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    private const int MaxAttempts = 2;

    private enum Step
    {
        Cancel,
        CancelStale,
        Ship,
        Retry,
        Repeat,
        Process,
        KillWorker,
        DeactivateCustomer,
    }

    // Whatever is called in whatever order, and wherever workers are killed: order, events and answers are those of the model.
    [Fact]
    public async Task AnySequence_OfCallsAndCrashes_FollowsTheModel()
    {
        await using var database = await OrderDatabase.CreateAsync(await Fixture.Postgres.GetAsync(Cancellation), Cancellation);
        await Authority.PublishAsync(database.ConnectionString, Cancellation);
        // No order is due before the test says so; the replica's own processor may then be the one that takes it.
        await database.ExecuteAsync("ALTER TABLE orders ALTER next_attempt_at SET DEFAULT now() + interval '1 hour'", Cancellation);
        await using var replica = await StartReplicaAsync(
            ("ConnectionStrings:ordersdb", database.ConnectionString), ("OrderProcessing:MaxAttempts", $"{MaxAttempts}"),
            ("OrderProcessing:RetryDelay", "00:01:00"),
            ("OrderProcessing:MaxRetryDelay", "00:01:00"));

        await Gen.Enum<Step>().Array[0, 15].SampleAsync(steps => RunAsync(replica, database, steps), iter: 100, threads: 1);
    }

    private async Task RunAsync(ServiceReplica<SigningKeyCopy> replica, OrderDatabase database, Step[] steps)
    {
        var customer = Guid.CreateVersion7();
        using var client = replica.CreateClient(Authority.Issue(customer));
        using var admin = replica.CreateClient(Authority.Issue(Guid.CreateVersion7(), role: "admin"));
        using var worker = new OrderWorker(database, new OrderProcessingOptions
        {
            MaxAttempts = MaxAttempts,
            // Whoever counts an attempt makes it before anybody counts another.
            RetryDelay = TimeSpan.FromMinutes(1),
            MaxRetryDelay = TimeSpan.FromMinutes(1),
        });
        var placed = await ReadAsync(await client.PostAsJsonAsync("/orders", ValidOrder, Cancellation));
        var id = (Guid)placed["id"]!;
        var model = new OrderModel(MaxAttempts);
        (Step Step, string Key, string? Body)? last = null;

        foreach (var next in steps)
        {
            var (step, key, body) = next == Step.Repeat && last is { } again ? again : (next, Guid.NewGuid().ToString(), null);
            switch (step)
            {
                case Step.Cancel or Step.CancelStale or Step.Ship or Step.Retry:
                    var action = step switch { Step.Ship => "ship", Step.Retry => "retry", _ => "cancel" };
                    var expected = body is not null ? HttpStatusCode.OK
                        : step == Step.CancelStale ? HttpStatusCode.PreconditionFailed
                        : model.Do(action) ? HttpStatusCode.OK : HttpStatusCode.Conflict;
                    var answer = await RideOutAsync(() => PostAsync(
                        step is Step.Ship or Step.Retry ? admin : client, $"/orders/{id}/{action}", key, step == Step.CancelStale ? "\"0\"" : null));
                    Assert.Equal(expected, answer.StatusCode);
                    Assert.Equal(body is not null, answer.Headers.Contains("Idempotency-Replayed"));
                    var text = await answer.Content.ReadAsStringAsync(Cancellation);
                    Assert.Equal(body ?? text, text);
                    last = (step, key, expected == HttpStatusCode.OK ? text : null);
                    break;
                case Step.Process:
                    model.Process();
                    await database.ExecuteAsync($"UPDATE orders SET next_attempt_at = now() WHERE id = '{id}'", Cancellation);
                    await Eventually.TrueAsync(
                        async () =>
                        {
                            await worker.Orders.ProcessBatchAsync();
                            return await database.QueryAsync<bool>($"SELECT status <> 'pending' FROM orders WHERE id = '{id}'", Cancellation);
                        },
                        "the order is processed");
                    break;
                case Step.KillWorker:
                    // All that is left of a worker that was killed is the attempt it counted.
                    model.KillWorker();
                    await database.ExecuteAsync(
                        $"UPDATE orders SET attempts = attempts + 1 WHERE id = '{id}' AND status = 'pending'", Cancellation);
                    break;
                case Step.DeactivateCustomer:
                    model.DeactivateCustomer();
                    await database.ExecuteAsync(
                        $"INSERT INTO customers (id, deactivated_at) VALUES ('{customer}', now()) ON CONFLICT DO NOTHING", Cancellation);
                    break;
            }
        }

        var order = await ReadAsync(await client.GetAsync($"/orders/{id}", Cancellation));
        Assert.Equal(model.Status, (string?)order["status"]);
        Assert.Equal(model.Events.Count, (long?)order["version"]);
        Assert.Equal(model.Status is "rejected" or "failed", order["reason"] is not null);
        Assert.Equal((long?)placed["total"], (long?)order["total"]);
        Assert.Equal(
            string.Join(", ", model.Events.Select((type, index) => $"{index + 1} {type}")), await database.EventsAsync(id, Cancellation));
    }
}
