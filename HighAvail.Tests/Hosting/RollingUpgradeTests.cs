using System.Collections.Concurrent;
using System.Diagnostics;
using HighAvail.Hosting.ApplicationModel;
using Npgsql;

namespace HighAvail.Tests.Hosting;

/// <summary>The Order service is brought to its next release, with a migration and a new field in its answers, while customers use it.</summary>
[Collection(nameof(WholeMachine))]
public sealed class RollingUpgradeTests(ITestOutputHelper output)
{
    private const string NewField = "note";

    private const int CustomerCount = 4;

    // So many answers are there before the upgrade, and again after it.
    private const int Enough = 100;

    private readonly OrderLedger _ledger = new();
    private readonly ConcurrentQueue<UpgradeAnswer> _answers = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upgrade_ToAReleaseWithAMigrationUnderLoad_EveryRequestIsAnsweredAndEveryOrderIsThereOnce()
    {
        var began = Stopwatch.GetTimestamp();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(Cancelled);
        var orders = builder.Resources.OfType<ProjectResource>().Single(project => project.Name == "orders");
        var original = orders.GetProjectMetadata();
        using var copy = new OrderServiceCopy(original);
        orders.Annotations.Remove(original);
        orders.Annotations.Add(copy);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        foreach (var resource in (string[])["users", "orders", "gateway"])
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, Patience.Token);
        }

        Tell("The system runs", began);
        began = Stopwatch.GetTimestamp();
        ChangeToNextRelease(copy);
        await copy.BuildAsync();
        Tell("The next release was built", began);

        var rolled = await TakeUpUnderLoadAsync(app);

        AssertBothReleasesServed(rolled);
        await AssertOrdersAsync((await app.GetConnectionStringAsync("ordersdb", Cancelled))!);
    }

    /// <summary>An additive migration, whose column is in every answer.</summary>
    private static void ChangeToNextRelease(OrderServiceCopy service)
    {
        service.Add("Migrations/9000_notes.sql", $"ALTER TABLE orders ADD COLUMN {NewField} text NOT NULL DEFAULT 'none';");
        service.Change("Orders/Order.cs", "string? Reason)", "string? Reason, string Note = \"none\")");
        service.Change("Orders/OrderRows.cs", "version, reason\"", $"version, reason, {NewField}\"");
        service.Change("Orders/OrderRows.cs", "reader.GetString(9))", "reader.GetString(9), reader.GetString(10))");
    }

    /// <summary>Restarts the replicas one by one while customers ask; returns when that was done.</summary>
    private async Task<long> TakeUpUnderLoadAsync(DistributedApplication app)
    {
        var customers = new List<UpgradeCustomer>();
        while (customers.Count < CustomerCount)
        {
            customers.Add(await UpgradeCustomer.SignInAsync(app.CreateHttpClient("gateway", "https"), NewField, _ledger, _answers, Patience.Token));
        }

        using var enough = new CancellationTokenSource();
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var asking = Task.WhenAll(customers.Select(customer => customer.AskUntilAsync(enough.Token, abort.Token)));
        try
        {
            await WaitForAnswersAsync(asking);
            Assert.DoesNotContain(_answers, answer => answer.IsNew);
            var began = Stopwatch.GetTimestamp();
            var result = await app.ResourceCommands.ExecuteCommandAsync("orders", "rolling-restart", Patience.Token);
            Assert.True(result.Success, result.Message);
            var rolled = Stopwatch.GetTimestamp();
            Tell("It was taken up", began);
            await WaitForAnswersAsync(asking);
            await enough.CancelAsync();
            await asking.WaitAsync(Patience.Token);
            return rolled;
        }
        finally
        {
            // When something else has failed, nobody waits for answers any more.
            await abort.CancelAsync();
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            customers.ForEach(customer => customer.Dispose());
            var failures = _answers.Select(answer => answer.Failure).OfType<string>().ToArray();
            Assert.True(failures.Length == 0, $"{failures.Length} of {_answers.Count} requests failed: {string.Join(" ", failures.Take(5))}");
        }
    }

    private void AssertBothReleasesServed(long rolled)
    {
        Assert.Contains(_answers, answer => answer.IsNew);
        var firstNew = _answers.Where(answer => answer.IsNew).Min(answer => answer.Answered);
        foreach (var request in _answers.GroupBy(answer => answer.Request))
        {
            // The old replicas go on doing all of it with the schema of the next release.
            var beside = request.Count(answer => !answer.IsNew && answer.Sent > firstNew);
            output.WriteLine(
                $"{request.Key}: {request.Count()} answers, {request.Count(answer => answer.IsNew)} of the next release, {beside} of the old one beside it.");
            Assert.NotEqual(0, beside);
            Assert.DoesNotContain(request, answer => !answer.IsNew && answer.Sent > rolled);
            Assert.Contains(request, answer => answer.Sent > rolled);
        }
    }

    private async Task AssertOrdersAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await Eventually.TrueAsync(
            async () =>
            {
                await using var pending = database.CreateCommand("SELECT NOT EXISTS (SELECT FROM orders WHERE status = 'pending')");
                return await pending.ExecuteScalarAsync(Cancelled) is true;
            },
            "no order waits");
        Assert.Empty(await _ledger.AuditAsync(database, Cancelled));
        output.WriteLine($"{_ledger.Acknowledged} orders were acknowledged; each is there once and confirmed.");
    }

    private Task WaitForAnswersAsync(Task asking)
    {
        var goal = _answers.Count + Enough;
        return Eventually.TrueAsync(() => _answers.Count >= goal || asking.IsCompleted, $"{Enough} more requests are answered");
    }

    private void Tell(string what, long began) => output.WriteLine($"{what} after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s.");
}
