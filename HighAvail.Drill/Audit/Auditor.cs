using HighAvail.Drill.Load;

namespace HighAvail.Drill.Audit;

/// <summary>Compares what was sent, and what was said of it, with what is stored.</summary>
internal static class Auditor
{
    internal const string Pending = "pending";
    internal const string Failed = "failed";
    private const string Cancelled = "cancelled";
    private const string Confirmed = "confirmed";
    private const string Placed = "placed";

    // Written down here once more, and not taken from the service: the audit must not share its mistakes. In a drill nobody is deactivated,
    // so nothing may be rejected, and nobody ships; what was set aside may be taken up again by whoever looks after the system.
    private static readonly HashSet<(string From, string To)> _life =
    [
        (Pending, Confirmed), (Pending, Failed), (Pending, Cancelled), (Confirmed, Cancelled), (Failed, Pending),
    ];

    private static readonly HashSet<string> _possible = [Pending, Confirmed, Failed, Cancelled];

    /// <summary>Everything that is wrong.</summary>
    internal static IEnumerable<Finding> Compare(string run, IReadOnlyCollection<SentOrder> sent, IReadOnlyCollection<StoredOrder> stored)
    {
        var known = sent.ToDictionary(o => o.Sequence);
        var found = new Dictionary<int, List<StoredOrder>>();
        foreach (var order in stored)
        {
            if (SequenceOf(run, order) is { } sequence && known.ContainsKey(sequence))
            {
                (found.TryGetValue(sequence, out var same) ? same : found[sequence] = []).Add(order);
            }
            else
            {
                yield return new(FindingKind.Invented, $"order {order.Id}", $"nobody sent it: {(order.Lines is [{ Sku: var sku }, ..] ? sku : "without lines")}");
            }
        }

        foreach (var order in sent)
        {
            foreach (var finding in Compare(order, found.GetValueOrDefault(order.Sequence, [])))
            {
                yield return finding;
            }
        }

        foreach (var finding in stored.SelectMany(Check))
        {
            yield return finding;
        }
    }

    /// <summary>Whether something still has to become of it.</summary>
    internal static bool IsFinal(StoredOrder order) => order.Status != Pending;

    /// <summary>The order of the run that a stored one is.</summary>
    internal static int? SequenceOf(string run, StoredOrder order) =>
        order.Lines is [{ Sku: var sku }, ..] && SentOrder.TryParse(run, sku, out var sequence) ? sequence : null;

    private static IEnumerable<Finding> Compare(SentOrder sent, List<StoredOrder> stored)
    {
        var subject = $"{sent.Sku} ({(sent.Id is { } id ? $"order {id}" : "never acknowledged")})";
        if (stored.Count > 1)
        {
            yield return new(FindingKind.Doubled, subject, $"it is there {stored.Count} times: {string.Join(", ", stored.Select(o => o.Id).Order())}");
        }

        if (sent.Placed == Answer.Acknowledged && !stored.Any(o => o.Id == sent.Id))
        {
            yield return stored.Count == 0
                ? new(FindingKind.Lost, subject, "it was acknowledged and is not there")
                : new(FindingKind.WrongContent, subject, $"it was acknowledged under another id than {stored[0].Id}");
        }

        if (sent.Placed == Answer.Refused && stored.Count > 0)
        {
            yield return new(FindingKind.DoneUnasked, subject, "it was refused and is there");
        }

        foreach (var order in stored)
        {
            if (!IsSame(sent, order))
            {
                yield return new(FindingKind.WrongContent, subject, $"it is not what was sent: {Describe(order)}");
            }

            if (sent.Cancelled == Answer.Acknowledged && order.Status != Cancelled)
            {
                yield return new(FindingKind.NotCancelled, subject, $"it was cancelled and is {order.Status}");
            }

            if (sent.Cancelled is Answer.NotSent or Answer.Refused && order.Status == Cancelled)
            {
                yield return new(FindingKind.DoneUnasked, subject, "it is cancelled, and nobody was told so");
            }
        }
    }

    private static IEnumerable<Finding> Check(StoredOrder order)
    {
        var subject = $"order {order.Id}";
        var sum = order.Lines.Sum(l => l is null ? 0 : (decimal)l.Quantity * l.UnitPrice);
        if (sum != order.Total)
        {
            yield return new(FindingKind.WrongTotal, subject, $"its lines add up to {sum}, its total is {order.Total}");
        }

        if (!_possible.Contains(order.Status))
        {
            yield return new(FindingKind.DoneUnasked, subject, $"it is {order.Status}, which nothing in a drill makes it");
        }

        if (!IsFinal(order))
        {
            yield return new(FindingKind.NotFinal, subject, $"it is still {order.Status}");
        }

        if (order.Events is { } events && ProblemOf(order, events) is { } problem)
        {
            yield return new(FindingKind.BrokenEvents, subject, problem);
        }
    }

    private static string? ProblemOf(StoredOrder order, IReadOnlyList<StoredEvent> events)
    {
        if (!events.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, events.Count).Select(i => (long)i)))
        {
            return $"its events are numbered {string.Join(", ", events.Select(e => e.Version))}";
        }

        if (events.Count != order.Version)
        {
            return $"it is at version {order.Version} and has {events.Count} events";
        }

        if (events is not [{ Type: Placed, Status: Pending }, ..])
        {
            return "its first event is not that it was placed";
        }

        foreach (var (before, after) in events.Zip(events.Skip(1)))
        {
            if (!_life.Contains((before.Status ?? "", after.Status ?? "")))
            {
                return $"after {before.Status} came {after.Type} ({after.Status})";
            }
        }

        return events[^1].Status == order.Status ? null : $"it is {order.Status}, and its last event says {events[^1].Status}";
    }

    private static bool IsSame(SentOrder sent, StoredOrder stored) =>
        stored.Customer == sent.Customer
        && stored.Currency == SentOrder.Currency
        && stored.Total == sent.Total
        && stored.Lines.SequenceEqual(sent.Lines);

    private static string Describe(StoredOrder order) =>
        $"{string.Join(" + ", order.Lines.Select(l => l is null ? "no line" : $"{l.Quantity} × {l.Sku} at {l.UnitPrice}"))} = {order.Total} {order.Currency} of customer {order.Customer}";
}
