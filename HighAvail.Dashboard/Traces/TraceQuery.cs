using System.Globalization;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;

namespace HighAvail.Dashboard.Traces;

/// <summary>Which traces somebody wants to see.</summary>
/// <param name="Resource">A service or replica that has a part in it; any without.</param>
/// <param name="Text">What its name or its id contains.</param>
/// <param name="HasErrors">Only those in which something failed.</param>
/// <param name="Duration">The shortest, in nanoseconds.</param>
/// <param name="After">Nanoseconds since 1970.</param>
/// <param name="Filters">There is a span that all of them accept.</param>
internal sealed record TraceQuery(string? Resource, string? Text, bool HasErrors, ulong Duration, ulong After, IReadOnlyList<Filter> Filters)
{
    /// <summary>The properties that every span has. Durations are in milliseconds.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["name", "kind", "status", "duration", "resource", "library", "span"];

    /// <summary>What matches, latest first.</summary>
    public Trace[] Apply(Trace[] traces)
    {
        var matching = Array.FindAll(traces, Accepts);
        var starts = Array.ConvertAll(matching, static trace => ulong.MaxValue - trace.Start);
        // By copies: a trace that grows meanwhile must not confuse the sorting.
        Array.Sort(starts, matching);
        return matching;
    }

    private bool Accepts(Trace trace)
    {
        if ((HasErrors && trace.Errors == 0) || trace.Duration < Duration || trace.Start < After || !(string.IsNullOrEmpty(Text) || HasText(trace)))
        {
            return false;
        }

        if (Resource is null && Filters.Count == 0)
        {
            return true;
        }

        var isResource = Resource is null;
        var isAccepted = Filters.Count == 0;
        foreach (var span in trace.Spans)
        {
            isResource |= Resource is not null && span.Resource.Is(Resource);
            isAccepted = isAccepted || Filters.All(filter => filter.Accepts(ValueOf(span, filter)));
        }

        return isResource && isAccepted;
    }

    private bool HasText(Trace trace) =>
        trace.Root.Name.Contains(Text!, StringComparison.OrdinalIgnoreCase) || TelemetryIds.Format(trace.Id).Contains(Text!, StringComparison.OrdinalIgnoreCase);

    private static string? ValueOf(Span span, Filter filter) => filter.Field switch
    {
        "name" => span.Name,
        "kind" => span.Kind.ToString(),
        "status" => span.Status.ToString(),
        "duration" => (span.Duration / 1e6).ToString(CultureInfo.InvariantCulture),
        "resource" => span.Resource.Name,
        "library" => span.Scope.Name,
        "span" => TelemetryIds.Format(span.Id),
        _ => SpanDetails.FindAttribute(span, filter.FieldUtf8),
    };
}
