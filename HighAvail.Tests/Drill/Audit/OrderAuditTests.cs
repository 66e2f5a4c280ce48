using HighAvail.Drill;
using HighAvail.Drill.Audit;
using HighAvail.Drill.Load;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Drill.Audit;

/// <summary>When the audit looks, and how often, at orders that something still happens to.</summary>
public class OrderAuditTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OrderBook _book = new("1a2b3c4d");
    private readonly SentOrder _order;

    public OrderAuditTests()
    {
        _order = _book.Add(Guid.NewGuid());
        _order.SetPlaced(Answer.Acknowledged, Guid.CreateVersion7());
    }

    [Fact]
    public async Task Run_UnansweredWriteIsDoneAfterTheDatabaseWasRead_IsWaitedForInTheOtherSource()
    {
        var late = _book.Add(_order.Customer);
        var id = Guid.CreateVersion7();
        var result = await AuditAsync(
            new Source("database", reading => reading == 0 ? [Stored(_order)] : [Stored(_order), Stored(late, id)]),
            new Source("API", reading => reading < 3 ? [Stored(_order), Stored(late, id, "pending")] : [Stored(_order), Stored(late, id)]));

        Assert.Empty(result.Findings);
        Assert.Equal((1, 1, 1), (result.Acknowledged, result.Unknown, result.UnknownDone));
    }

    [Fact]
    public async Task Run_OrderAppearsWhenTheLimitIsNearlyOver_IsGivenAsLongAsAnyOther()
    {
        var late = _book.Add(_order.Customer);
        var id = Guid.CreateVersion7();

        // Looked at every half second: from 25 s on it is there, and confirmed after 45 s.
        var result = await AuditAsync(new Source("database", reading => reading switch
        {
            < 50 => [Stored(_order, status: "pending")],
            < 90 => [Stored(_order), Stored(late, id, "pending")],
            _ => [Stored(_order), Stored(late, id)],
        }));

        Assert.Empty(result.Findings);
    }

    [Fact]
    public async Task Run_NothingBecomesOfAnOrder_IsNotFinalAfterHalfAMinute()
    {
        var result = await AuditAsync(new Source("database", _ => [Stored(_order, status: "pending")]));

        Assert.Equal(FindingKind.NotFinal, Assert.Single(result.Findings).Kind);
        Assert.InRange(result.SettledAfter, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(32));
    }

    [Fact]
    public async Task Run_OrderIsDoubledAfterTheFirstLook_IsFound()
    {
        var result = await AuditAsync(
            new Source("database", reading => reading == 0 ? [Stored(_order)] : [Stored(_order), Stored(_order, Guid.CreateVersion7())]),
            new Source("API", _ => [Stored(_order)]));

        Assert.Contains(result.Findings, f => f.Kind == FindingKind.Doubled);
    }

    [Fact]
    public async Task Run_OrderWasSetAside_IsNamed()
    {
        var result = await AuditAsync(new Source("database", _ => [Stored(_order, status: "failed")]));

        Assert.Empty(result.Findings);
        Assert.Equal([_order.Id!.Value], result.SetAside);
    }

    private async Task<AuditResult> AuditAsync(params IOrderSource[] sources)
    {
        var running = new OrderAudit(_book, [], sources, _time).RunAsync(TestContext.Current.CancellationToken);
        await Eventually.AdvanceUntilAsync(_time, () => running.IsCompleted, "the audit ends", stepMilliseconds: 100);
        return await running;
    }

    private static StoredOrder Stored(SentOrder sent, Guid? id = null, string status = "confirmed") =>
        new(id ?? sent.Id!.Value, sent.Customer, status, SentOrder.Currency, sent.Lines, sent.Total, 2, null);

    private sealed class Source(string name, Func<int, IReadOnlyList<StoredOrder>> read) : IOrderSource
    {
        private int _readings;

        public string Name => name;

        public Task<IReadOnlyList<StoredOrder>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(read(_readings++));
    }
}
