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
            await PlaceWhileKillingAsync(kills, random, Patience.Token);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"HIGHAVAIL_SEED={seed}, killing {string.Join(", ", kills)}: {exception.Message}", exception);
        }
    }

    private async Task PlaceWhileKillingAsync(string[] kills, Random random, CancellationToken cancelled)
    {
        var ledger = new OrderLedger();
        var customers = new List<PersistentCustomer>();
        while (customers.Count < Customers)
        {
            customers.Add(await PersistentCustomer.SignInAsync(system, ledger, cancelled));
        }

        using var enough = new CancellationTokenSource();
        var placing = Task.WhenAll(customers.Select(customer => customer.PlaceUntilAsync(enough.Token, cancelled)));
        try
        {
            foreach (var kill in kills)
            {
                await WaitForOrdersAsync(ledger, random.Next(1, MaxBetweenKills), placing);
                await system.KillAsync(kill, cancelled);
            }

            await WaitForOrdersAsync(ledger, MaxBetweenKills, placing);
        }
        finally
        {
            await enough.CancelAsync();
            await placing;
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
        output.WriteLine($"{ledger.Acknowledged} orders were acknowledged.");
        var wrong = await ledger.AuditAsync(orders, cancelled);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {ledger.Acknowledged} orders: {string.Join(" ", wrong.Take(10))}");
    }

    private static Task WaitForOrdersAsync(OrderLedger ledger, int count, Task placing)
    {
        var goal = ledger.Acknowledged + count;
        return Eventually.TrueAsync(() => ledger.Acknowledged >= goal || placing.IsCompleted, $"{count} more orders are acknowledged");
    }
}
