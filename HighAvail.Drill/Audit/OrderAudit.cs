using HighAvail.Drill.Load;

namespace HighAvail.Drill.Audit;

/// <summary>The audit of a run, after its last request was answered or given up.</summary>
/// <param name="book">What was sent.</param>
/// <param name="seen">What was wrong already while the load ran.</param>
/// <param name="sources">Where to read; from the first, also whether something has become of every order.</param>
/// <param name="time">The clock.</param>
internal sealed class OrderAudit(OrderBook book, IReadOnlyCollection<Finding> seen, IReadOnlyList<IOrderSource> sources, TimeProvider time)
{
    // What is promised is a second under normal load; the last fault may have left a backlog.
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="DrillException">A source cannot be read.</exception>
    internal async Task<AuditResult> RunAsync(CancellationToken cancellationToken)
    {
        var (first, settledAfter) = await UntilSettledAsync(cancellationToken);
        var findings = new List<Finding>(Auditor.Compare(book.Run, book.Sent, first));
        foreach (var source in sources.Skip(1))
        {
            findings.AddRange(Auditor.Compare(book.Run, book.Sent, await source.ReadAsync(cancellationToken)));
        }

        findings.AddRange(seen);
        var stored = first.Select(o => Auditor.SequenceOf(book.Run, o)).OfType<int>().ToHashSet();
        return new()
        {
            Sources = [.. sources.Select(s => s.Name)],
            Acknowledged = book.Sent.Count(o => o.Placed == Answer.Acknowledged),
            Unknown = book.Sent.Count(o => o.Placed == Answer.Unknown),
            UnknownDone = book.Sent.Count(o => o.Placed == Answer.Unknown && stored.Contains(o.Sequence)),
            Refused = book.Sent.Count(o => o.Placed == Answer.Refused),
            Cancelled = book.Sent.Count(o => o.Cancelled == Answer.Acknowledged),
            SetAside = first.Count(o => o.Status == Auditor.Failed),
            SettledAfter = settledAfter,

            // What both sources show is one finding.
            Findings = [.. findings.Distinct()],
        };
    }

    private async Task<(IReadOnlyList<StoredOrder> Orders, TimeSpan After)> UntilSettledAsync(CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        while (true)
        {
            var orders = await sources[0].ReadAsync(cancellationToken);
            var elapsed = time.GetElapsedTime(beganAt);
            if (orders.All(Auditor.IsFinal) || elapsed > _settleLimit)
            {
                return (orders, elapsed);
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }
}
