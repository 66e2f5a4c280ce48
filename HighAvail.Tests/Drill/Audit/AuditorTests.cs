using HighAvail.Drill;
using HighAvail.Drill.Audit;
using HighAvail.Drill.Load;

namespace HighAvail.Tests.Drill.Audit;

/// <summary>What the audit makes of each thing that can be wrong with one order among others that are right.</summary>
public class AuditorTests
{
    private const string Run = "1a2b3c4d";

    private readonly OrderBook _book = new(Run);
    private readonly SentOrder _sent;
    private readonly StoredOrder _stored;

    public AuditorTests()
    {
        Acknowledge();
        _sent = Acknowledge();
        Acknowledge();
        _stored = Store(_sent);
    }

    [Fact]
    public void Compare_EverythingAsItWasSent_FindsNothing()
    {
        var unknownDone = _book.Add(Guid.NewGuid());
        _book.Add(Guid.NewGuid());
        var refused = _book.Add(Guid.NewGuid());
        refused.SetPlaced(Answer.Refused, null);
        var cancelled = Acknowledge();
        cancelled.SetCancelled(Answer.Acknowledged);
        var perhapsCancelled = Acknowledge();
        perhapsCancelled.SetCancelled(Answer.Unknown);

        var findings = Compare([
            _stored, Store(unknownDone, Guid.NewGuid()), Store(cancelled, status: "cancelled"), Store(perhapsCancelled, status: "cancelled"),
        ]);

        Assert.Empty(findings);
    }

    [Fact]
    public void Compare_AcknowledgedOrderIsNotThere_IsLost() => AssertOnly(FindingKind.Lost, Compare([]));

    [Fact]
    public void Compare_OrderIsThereTwice_IsDoubled() => AssertOnly(FindingKind.Doubled, Compare([_stored, _stored with { Id = Guid.NewGuid() }]));

    [Fact]
    public void Compare_UnknownOrderIsThereTwice_IsDoubled()
    {
        var unknown = _book.Add(Guid.NewGuid());

        AssertOnly(FindingKind.Doubled, Compare([_stored, Store(unknown, Guid.NewGuid()), Store(unknown, Guid.NewGuid())]));
    }

    [Theory]
    [InlineData("tea")]
    [InlineData("drill-1a2b3c4d-99")]
    [InlineData(null)]
    public void Compare_OrderThatNobodySent_IsInvented(string? sku) => AssertOnly(
        FindingKind.Invented,
        Compare([_stored, _stored with { Id = Guid.NewGuid(), Lines = sku is null ? [] : [new(sku, 1, 5)], Total = sku is null ? 0 : 5 }]));

    [Fact]
    public void Compare_RefusedOrderIsThere_WasDoneUnasked()
    {
        var refused = _book.Add(Guid.NewGuid());
        refused.SetPlaced(Answer.Refused, null);

        AssertOnly(FindingKind.DoneUnasked, Compare([_stored, Store(refused, Guid.NewGuid())]));
    }

    [Fact]
    public void Compare_OtherContent_IsWrong()
    {
        AssertOnly(FindingKind.WrongContent, Compare([_stored with { Customer = Guid.NewGuid() }]));
        AssertOnly(FindingKind.WrongContent, Compare([_stored with { Currency = "USD" }]));
        AssertOnly(FindingKind.WrongContent, Compare([_stored with { Lines = [_stored.Lines[0]], Total = _sent.Total - SentOrder.ExtraPrice }]));
        AssertOnly(FindingKind.WrongContent, Compare([_stored with { Id = Guid.NewGuid() }]));
    }

    [Fact]
    public void Compare_TotalIsNotTheSum_IsFound() => Assert.Equal(
        [FindingKind.WrongContent, FindingKind.WrongTotal], Compare([_stored with { Total = _stored.Total + 1 }]).Select(f => f.Kind));

    [Fact]
    public void Compare_StillPending_IsNotFinal() => AssertOnly(FindingKind.NotFinal, Compare([Store(_sent, status: "pending")]));

    [Fact]
    public void Compare_CancelledOrderGoesOn_IsFound()
    {
        _sent.SetCancelled(Answer.Acknowledged);

        AssertOnly(FindingKind.NotCancelled, Compare([_stored]));
    }

    [Theory]
    [InlineData((int)Answer.NotSent)]
    [InlineData((int)Answer.Refused)]
    public void Compare_CancelledWithoutAskingOrAfterARefusal_IsFound(int asked)
    {
        _sent.SetCancelled((Answer)asked);

        AssertOnly(FindingKind.DoneUnasked, Compare([Store(_sent, status: "cancelled")]));
    }

    [Fact]
    public void Compare_BrokenEvents_AreFound()
    {
        StoredEvent placed = new(1, "placed", "pending"), confirmed = new(2, "confirmed", "confirmed"), shipped = new(3, "shipped", "shipped");
        IReadOnlyList<StoredEvent>[] broken =
        [
            [],
            [placed],
            [placed, confirmed with { Version = 3 }],
            [placed, placed with { Version = 1 }],
            [placed with { Type = "confirmed" }, confirmed],
            [placed, confirmed with { Status = "shipped" }],
            [placed, new(2, "rejected", "rejected")],
            [placed, confirmed, shipped],
        ];

        Assert.All(broken, events => AssertOnly(FindingKind.BrokenEvents, Compare([_stored with { Events = events }])));
        AssertOnly(FindingKind.BrokenEvents, Compare([_stored with { Status = "confirmed", Version = 3, Events = [placed, confirmed, confirmed with { Version = 3 }] }]));
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("shipped")]
    [InlineData("lost")]
    public void Compare_StatusThatNothingInADrillLeadsTo_IsFound(string status)
    {
        AssertOnly(FindingKind.DoneUnasked, Compare([_stored with { Status = status, Events = null }]));
        Assert.Equal([FindingKind.DoneUnasked, FindingKind.BrokenEvents], Compare([Store(_sent, status: status)]).Select(f => f.Kind));
    }

    private static void AssertOnly(FindingKind kind, IEnumerable<Finding> findings) => Assert.Equal(kind, Assert.Single(findings).Kind);

    private SentOrder Acknowledge()
    {
        var order = _book.Add(Guid.NewGuid());
        order.SetPlaced(Answer.Acknowledged, Guid.CreateVersion7());
        return order;
    }

    /// <summary>Compares with what is stored of the order in question; all others are as they should be.</summary>
    private Finding[] Compare(StoredOrder[] stored)
    {
        var mentioned = stored.Select(o => Auditor.SequenceOf(Run, o)).ToHashSet();
        return [.. Auditor.Compare(Run, _book.Sent, [
            .. stored,
            .. _book.Sent.Where(o => o.Placed == Answer.Acknowledged && o != _sent && !mentioned.Contains(o.Sequence)).Select(o => Store(o)),
        ])];
    }

    private static StoredOrder Store(SentOrder order, Guid? id = null, string status = "confirmed") => new(
        id ?? order.Id!.Value,
        order.Customer,
        status,
        SentOrder.Currency,
        [new(order.Sku, order.Quantity, order.UnitPrice), new(SentOrder.ExtraSku, 1, SentOrder.ExtraPrice)],
        order.Total,
        status == "pending" ? 1 : 2,
        status == "pending" ? [new(1, "placed", "pending")] : [new(1, "placed", "pending"), new(2, status, status)]);
}
