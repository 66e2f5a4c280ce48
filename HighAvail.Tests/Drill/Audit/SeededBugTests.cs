using HighAvail.Drill;
using HighAvail.Drill.Audit;
using HighAvail.Drill.Load;
using HighAvail.Tests.OrderService;

namespace HighAvail.Tests.Drill.Audit;

/// <summary>A whole load and its audit, against shops with one bug each: the audit that finds none of them would prove nothing.</summary>
public class SeededBugTests(SharedPostgres postgres)
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Audit_OfAShopWithoutABug_Holds()
    {
        var (result, samples, _) = await DrillAsync(ShopBug.None, orders: 200);

        Assert.Empty(result.Findings);
        Assert.InRange(result.Acknowledged, 200, int.MaxValue);
        Assert.True(result.Cancelled > 0);
        Assert.Equal((0, 0), (result.Unknown, result.Refused));
        Assert.Equal(["database", "API"], result.Sources);
        Assert.All(samples, s => Assert.Equal(Outcome.Ok, s.Outcome));
        Assert.Equal(Enum.GetValues<RequestKind>().Length, samples.Select(s => s.Kind).Distinct().Count());
    }

    [Fact]
    public async Task Audit_OfAShopThatLosesOneInAThousand_FindsTheLostOne()
    {
        var (result, _, lost) = await DrillAsync(ShopBug.LosesOneInAThousand, orders: 1000);

        // One, unless the machine stood still and more than a thousand orders came at once afterwards.
        Assert.True(lost > 0);
        Assert.Equal(lost, result.Findings.Count(f => f.Kind == FindingKind.Lost));

        // Whoever looked at it saw that too.
        Assert.All(result.Findings, f => Assert.True(f.Kind is FindingKind.Lost or FindingKind.NotShown, $"{f}"));
    }

    [Fact]
    public async Task Audit_OfAShopThatDoublesOne_FindsTheDoubledOne()
    {
        var (result, _, _) = await DrillAsync(ShopBug.DoublesOne, orders: 200);

        Assert.Contains("2 times", Assert.Single(result.Findings, f => f.Kind == FindingKind.Doubled).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_OfAShopThatAcknowledgesBeforeCommit_FindsWhatIsNotThereYetAndWhatNeverWillBe()
    {
        var (result, _, _) = await DrillAsync(ShopBug.AcknowledgesBeforeCommit, orders: 200, kill: true);

        Assert.Contains(result.Findings, f => f.Kind == FindingKind.NotShown);
        Assert.Contains(result.Findings, f => f.Kind == FindingKind.Lost);
    }

    private async Task<(AuditResult Result, IReadOnlyList<Sample> Samples, int Lost)> DrillAsync(ShopBug bug, int orders, bool kill = false)
    {
        await using var database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancelled), Cancelled);
        await using var server = await FakeShop.StartAsync(database, bug);
        var options = new LoadOptions { Rate = 400, WatchDuration = TimeSpan.FromMilliseconds(200) };
        using var shop = new ShopClient(server.Address, null, options);
        var book = new OrderBook("1a2b3c4d");
        var customers = await Customers.RegisterAsync(shop, book.Run, 4, TimeProvider.System, Cancelled);

        using var stop = new CancellationTokenSource();
        var log = new SampleLog();
        var shoppers = new Shoppers(shop, customers, book, options, new Random(1), TimeProvider.System, stop.Token);
        var loop = new OpenLoop(options.Rate, log, TimeProvider.System).RunAsync(shoppers.Next, stop.Token);
        await Eventually.TrueAsync(() => book.Sent.Count(o => o.Placed == Answer.Acknowledged) >= orders);
        if (bug == ShopBug.None)
        {
            // Five in a thousand sign in: among so few orders it may be none.
            await Eventually.TrueAsync(() => log.All().Any(s => s.Kind == RequestKind.SignIn));
        }

        if (kill)
        {
            server.Kill();
        }

        await stop.CancelAsync();
        await loop;

        IOrderSource[] sources =
        [
            new OrderTables($"{database.ConnectionString};Options=-c default_transaction_read_only=on", book.Run, [.. customers.Select(c => c.Id)]),
            new OrderLists(shop, customers, TimeProvider.System),
        ];
        return (await new OrderAudit(book, shoppers.Findings, sources, TimeProvider.System).RunAsync(Cancelled), log.All(), server.Lost);
    }
}
