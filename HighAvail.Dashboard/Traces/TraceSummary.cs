using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Traces;

/// <summary>What a line shows of a trace.</summary>
internal static class TraceSummary
{
    // Longer names are nobody's title, and a page has many.
    private const int MaxName = 80;

    /// <summary>Who began it, and with what.</summary>
    public static string TitleOf(Trace trace) =>
        $"{trace.Root.Resource.Name}: {(trace.Root.Name is { Length: > MaxName } name ? $"{name[..MaxName]}…" : trace.Root.Name)}";

    /// <summary>Who has a part in it, and how many spans, in the order in which they began.</summary>
    public static IReadOnlyList<(TelemetryResource Resource, int Count)> ResourcesOf(Trace trace)
    {
        var known = new Dictionary<TelemetryResource, (int Count, ulong Start)>();
        foreach (var span in trace.Spans)
        {
            var (count, start) = known.GetValueOrDefault(span.Resource, (0, ulong.MaxValue));
            known[span.Resource] = (count + 1, Math.Min(start, span.Start));
        }

        return [.. known.OrderBy(static entry => entry.Value.Start).Select(static entry => (entry.Key, entry.Value.Count))];
    }
}
