using HighAvail.Drill.Audit;
using HighAvail.Drill.Load;
using HighAvail.Drill.Report;
using HighAvail.Drill.Systems;

namespace HighAvail.Drill;

/// <summary>A whole drill: starts the system, puts load on it, breaks it, audits what is left, and reports.</summary>
internal sealed class DrillRun(DrillOptions options, IDrillView view, TextReader input, TimeProvider time)
{
    private const string InstanceName = "drill";

    /// <exception cref="DrillException">It cannot be done.</exception>
    internal async Task<DrillReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = await OpenAsync(cancellationToken);
        var target = system?.Gateway ?? options.Target!;
        var trust = GatewayTrust.ReadPolicy(system is null ? options.AuthorityFile : system.State.AuthorityFile);
        using var shop = new ShopClient(target, trust, options.Load);
        var run = Guid.NewGuid().ToString("N")[..8];

        view.Say($"Registering {options.Load.Customers} customers with {target}.");
        var customers = await Customers.RegisterAsync(shop, run, options.Load.Customers, time, cancellationToken);

        var startedAt = time.GetUtcNow();
        var book = new OrderBook(run);
        var (progress, findings) = await LoadAsync(shop, customers, book, system, cancellationToken);

        view.Say($"Auditing {book.Sent.Count} orders.");
        List<IOrderSource> sources = [new OrderLists(shop, customers, time)];
        if (system is not null)
        {
            sources.Insert(0, new OrderTables(system.ReadOnlyConnectionString("ordersdb"), run, [.. customers.Select(c => c.Id)]));
        }

        var audit = await new OrderAudit(book, findings, sources, time).RunAsync(cancellationToken);
        return ReportBuilder.Build(options, run, target.ToString(), startedAt, progress.Log.All(), progress.Faults, audit) with { BadAnswers = shop.BadAnswers };
    }

    private async Task<RunningSystem?> OpenAsync(CancellationToken cancellationToken)
    {
        if (options.Target is not null)
        {
            return null;
        }

        if (options.AttachTo is { } folder)
        {
            view.Say($"Using the system that runs with {folder}.");
            return await RunningSystem.AttachAsync(folder, cancellationToken);
        }

        view.Say("Starting the system.");
        return await RunningSystem.StartAsync(InstanceName, cancellationToken, options.Edge is { } edge ? ["--edge", edge] : []);
    }

    private async Task<(DrillProgress Progress, IReadOnlyCollection<Finding> Findings)> LoadAsync(
        ShopClient shop, IReadOnlyList<Customer> customers, OrderBook book, RunningSystem? system, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var log = new SampleLog();
        var loop = new OpenLoop(options.Load.Rate, log, time);
        var progress = new DrillProgress(loop, log);
        var shoppers = new Shoppers(shop, customers, book, options.Load, new Random(options.Seed), time, stop.Token);
        view.Say($"{options.Load.Rate} requests per second, seed {options.Seed}.");

        var load = Task.Run(() => loop.RunAsync(shoppers.Next, stop.Token), CancellationToken.None);
        using var shown = new CancellationTokenSource();
        var following = view.FollowAsync(progress, shown.Token);
        try
        {
            await new DrillFaults(options, system, progress, input, time).RunAsync(cancellationToken);
        }
        finally
        {
            try
            {
                await stop.CancelAsync();
                await load.WaitAsync(cancellationToken);
            }
            finally
            {
                await shown.CancelAsync();
                await following;
            }
        }

        return (progress, shoppers.Findings);
    }
}
