using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Traces;

/// <summary>What a list shows of a trace.</summary>
internal static class TraceSummary
{
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
