using System.Collections.Concurrent;
using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace HighAvail.Tests.Hosting;

/// <summary>The keys that sign access tokens follow one another within seconds, while customers use the system and parts of it go away.</summary>
[Collection(nameof(WholeMachine))]
public sealed class KeyRotationUnderLoadTests(ITestOutputHelper output)
{
    private const int CustomerCount = 4;

    // So many keys have signed before anything goes away, and others after it has come back.
    private const int Enough = 2;

    private readonly OrderLedger _ledger = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlaceOrders_KeysRotateWhileAnOrderReplicaRestartsAndTheUserServiceIsDown_NoneFails()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(Cancelled);
        var users = builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "users");
        builder.CreateResourceBuilder(users)
            .WithEnvironment("SigningKeys__RotationInterval", "00:00:05")
            .WithEnvironment("SigningKeys__CheckInterval", "00:00:00.500")
            // Longer than the User service is down.
            .WithEnvironment("Tokens__AccessTokenLifetime", "00:02:00");
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        foreach (var resource in (string[])["users", "orders", "gateway"])
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, Patience.Token);
        }

        await UseAsync(app);

        Assert.True(_failures.IsEmpty, $"{_failures.Count} requests failed beside {_ledger.Acknowledged} orders: {string.Join(" ", _failures.Take(5))}");
        output.WriteLine($"{_ledger.Acknowledged} orders with tokens of {_keys.Count} keys.");
        await using var orders = NpgsqlDataSource.Create((await app.GetConnectionStringAsync("ordersdb", Cancelled))!);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var pending = orders.CreateCommand("SELECT NOT EXISTS (SELECT FROM orders WHERE status = 'pending')");
                return await pending.ExecuteScalarAsync(Cancelled) is true;
            },
            "no order waits");
        Assert.Empty(await _ledger.AuditAsync(orders, Cancelled));
    }

    private async Task UseAsync(DistributedApplication app)
    {
        var customers = new List<SignedInCustomer>();
        while (customers.Count < CustomerCount)
        {
            customers.Add(await SignedInCustomer.SignInAsync(app.CreateHttpClient("gateway", "https"), _ledger, _failures, _keys, Patience.Token));
        }

        using var enough = new CancellationTokenSource();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var use = Task.WhenAll(customers.Select(customer => customer.UseUntilAsync(enough.Token, abort.Token)));
        try
        {
            await WaitForKeysAsync(use);
            await ExecuteAsync(app, "users", "stop");
            await RestartAsync(app, "orders-0");
            await WaitForOrdersAsync(use);
            await ExecuteAsync(app, "users", "start");
            await app.ResourceNotifications.WaitForResourceHealthyAsync("users", Patience.Token);
            await WaitForKeysAsync(use);
            await RestartAsync(app, "orders-1");
            await WaitForOrdersAsync(use);
            await enough.CancelAsync();
            await use.WaitAsync(Patience.Token);
        }
        finally
        {
            // When something else has failed, nobody waits for answers any more.
            await abort.CancelAsync();
            await use.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            customers.ForEach(customer => customer.Dispose());
        }
    }

    private Task WaitForKeysAsync(Task customers)
    {
        var goal = _keys.Count + Enough;
        return Eventually.TrueAsync(() => _keys.Count >= goal || customers.IsCompleted, "other keys have signed");
    }

    private Task WaitForOrdersAsync(Task customers)
    {
        var goal = _ledger.Acknowledged + 20;
        return Eventually.TrueAsync(() => _ledger.Acknowledged >= goal || customers.IsCompleted, "orders are placed");
    }

    private static async Task RestartAsync(DistributedApplication app, string replica)
    {
        var before = await app.ResourceNotifications.WaitForResourceHealthyAsync(replica, Patience.Token);
        await ExecuteAsync(app, replica, "restart");
        await app.ResourceNotifications.WaitForResourceAsync(
            replica, e => e.Snapshot.HealthStatus == HealthStatus.Healthy && e.ProcessId() != before.ProcessId(), Patience.Token);
    }

    private static async Task ExecuteAsync(DistributedApplication app, string resource, string command)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(resource, command, Patience.Token);
        Assert.True(result.Success, result.Message);
    }
}
