using HighAvail.Drill.Load;

namespace HighAvail.Drill.Audit;

/// <summary>The audit of a run, after its last request was answered or given up.</summary>
/// <param name="book">What was sent.</param>
/// <param name="seen">What was wrong already while the load ran.</param>
/// <param name="sources">Where to read; the first again at the end, since a write that nobody answered may have been done after it was read.</param>
/// <param name="time">The clock.</param>
internal sealed class OrderAudit(OrderBook book, IReadOnlyCollection<Finding> seen, IReadOnlyList<IOrderSource> sources, TimeProvider time)
{
    // What is promised is a second under normal load; the last fault may have left a backlog. Counts for each order from when it was first seen.
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Guid, long> _pendingSince = [];

    /// <exception cref="DrillException">A source cannot be read.</exception>
    internal async Task<AuditResult> RunAsync(CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        var findings = new List<Finding>();
        IReadOnlyList<StoredOrder> last = [];
        foreach (var source in (IEnumerable<IOrderSource>)[.. sources, sources[0]])
        {
            last = await UntilSettledAsync(source, cancellationToken);
            findings.AddRange(Auditor.Compare(book.Run, book.Sent, last));
        }

        findings.AddRange(seen);
        var stored = last.Select(o => Auditor.SequenceOf(book.Run, o)).OfType<int>().ToHashSet();
        return new()
        {
            Sources = [.. sources.Select(s => s.Name)],
            Acknowledged = book.Sent.Count(o => o.Placed == Answer.Acknowledged),
            Unknown = book.Sent.Count(o => o.Placed == Answer.Unknown),
            UnknownDone = book.Sent.Count(o => o.Placed == Answer.Unknown && stored.Contains(o.Sequence)),
            Refused = book.Sent.Count(o => o.Placed == Answer.Refused),
            Cancelled = book.Sent.Count(o => o.Cancelled == Answer.Acknowledged),
            SetAside = [.. last.Where(o => o.Status == Auditor.Failed).Select(o => o.Id)],
            SettledAfter = time.GetElapsedTime(beganAt),

            // What is seen each time is one finding.
            Findings = [.. findings.Distinct()],
        };
    }

    private async Task<IReadOnlyList<StoredOrder>> UntilSettledAsync(IOrderSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            var orders = await source.ReadAsync(cancellationToken);
            var now = time.GetTimestamp();
            var isWaiting = false;
            foreach (var order in orders.Where(o => !Auditor.IsFinal(o)))
            {
                _pendingSince.TryAdd(order.Id, now);
                isWaiting |= time.GetElapsedTime(_pendingSince[order.Id], now) < _settleLimit;
            }

            if (!isWaiting)
            {
                return orders;
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }
}
