using System.Diagnostics;
using System.Globalization;
using HighAvail.Tests.EndToEnd;
using Npgsql;

namespace HighAvail.Tests.Hosting;

/// <summary>Orders come in while everything that they need is killed.</summary>
[Collection(nameof(RunningSystem))]
public sealed class OrdersUnderKillsTests(RunningSystem system, ITestOutputHelper output)
{
    private const int Customers = 8;

    // So many orders are acknowledged between two kills at most, so that they meet the load at any moment.
    private const int MaxBetweenKills = 40;

    private static readonly string[] _everything = ["users-0", "users-1", "orders-0", "orders-1", "cache", "postgres"];

    // What orders need most is killed once more.
    private static readonly string[] _again = ["orders-0", "orders-1", "postgres"];

    [Fact]
    public async Task PlaceOrders_EverythingIsKilledInRandomOrder_EachIsThereOnceAndConfirmed()
    {
        // Set to repeat the kills of a failure in their order.
        var seed = Environment.GetEnvironmentVariable("HIGHAVAIL_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var random = new Random(seed);
        string[] kills = [.. _everything, .. random.GetItems(_again, 2)];
        random.Shuffle(kills);
        output.WriteLine($"HIGHAVAIL_SEED={seed}: {string.Join(", ", kills)}");
        try
        {
            await PlaceWhileKillingAsync(kills, random);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"HIGHAVAIL_SEED={seed}, killing {string.Join(", ", kills)}: {exception.Message}", exception);
        }
    }

    private async Task PlaceWhileKillingAsync(string[] kills, Random random)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var ledger = new OrderLedger();
        var customers = new List<PersistentCustomer>();
        while (customers.Count < Customers)
        {
            customers.Add(await PersistentCustomer.SignInAsync(system, ledger, Patience.Token));
        }

        using var enough = new CancellationTokenSource();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var placing = Task.WhenAll(customers.Select(customer => customer.PlaceUntilAsync(enough.Token, abort.Token)));
        try
        {
            foreach (var kill in kills)
            {
                await WaitForOrdersAsync(ledger, random.Next(1, MaxBetweenKills), placing);
                await KillAsync(kill, ledger);
            }

            await WaitForOrdersAsync(ledger, MaxBetweenKills, placing);
            await enough.CancelAsync();
            await placing.WaitAsync(Patience.Token);
        }
        finally
        {
            // When something else has failed, nobody waits for answers any more.
            await abort.CancelAsync();
            await placing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            customers.ForEach(customer => customer.Dispose());
        }

        await using var orders = NpgsqlDataSource.Create((await system.App.GetConnectionStringAsync("ordersdb", cancelled))!);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var pending = orders.CreateCommand("SELECT NOT EXISTS (SELECT FROM orders WHERE status = 'pending')");
                return await pending.ExecuteScalarAsync(cancelled) is true;
            },
            "no order waits");
        output.WriteLine($"{ledger.Acknowledged} orders were acknowledged in all, and none waits.");
        var wrong = await ledger.AuditAsync(orders, cancelled);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {ledger.Acknowledged} orders: {string.Join(" ", wrong.Take(10))}");
    }

    private async Task KillAsync(string replica, OrderLedger ledger)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await system.KillAsync(replica, Patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"{replica} did not come back.", exception);
        }

        output.WriteLine(
            $"{replica} was healthy again after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, {ledger.Acknowledged} orders acknowledged.");
    }

    private static Task WaitForOrdersAsync(OrderLedger ledger, int count, Task placing)
    {
        var goal = ledger.Acknowledged + count;
        return Eventually.TrueAsync(() => ledger.Acknowledged >= goal || placing.IsCompleted, $"{count} more orders are acknowledged");
    }
}
