using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Traces;

/// <summary>What a list shows of a trace.</summary>
internal static class TraceSummary
{
    /// <summary>Who has a part in it, and how many spans, in the order in which they come in.</summary>
    public static IReadOnlyList<(TelemetryResource Resource, int Count)> ResourcesOf(Trace trace)
    {
        var counts = new OrderedDictionary<TelemetryResource, int>();
        foreach (var span in trace.Spans)
        {
            counts[span.Resource] = counts.GetValueOrDefault(span.Resource) + 1;
        }

        return [.. counts.Select(static entry => (entry.Key, entry.Value))];
    }
}
