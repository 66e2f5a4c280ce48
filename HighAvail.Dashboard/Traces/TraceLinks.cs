namespace HighAvail.Dashboard.Traces;

/// <summary>
/// Traces that name each other (OpenTelemetry, "links between spans"): work that nobody waits for has a trace of its own, with links to what asked for it.
/// They are written on one side only, and are found here from the other, too.
/// </summary>
internal static class TraceLinks
{
    /// <summary>The spans that a trace names, each once.</summary>
    public static IReadOnlyList<SpanReference> From(Trace trace) =>
        [.. WithLinks(trace).SelectMany(SpanDetails.ReadLinks).Where(link => link.TraceId != trace.Id).Distinct()];

    /// <summary>The spans of other traces that name a trace's spans, by the span that is named.</summary>
    public static ILookup<ulong, SpanReference> To(UInt128 id, IEnumerable<Trace> traces) => traces
        .Where(trace => trace.HasLinks && trace.Id != id)
        .SelectMany(WithLinks)
        .SelectMany(SpanDetails.ReadLinks, static (span, link) => (Span: span, Link: link))
        .Where(pair => pair.Link.TraceId == id)
        .Select(static pair => (pair.Link.SpanId, Source: new SpanReference(pair.Span.TraceId, pair.Span.Id)))
        .Distinct()
        .ToLookup(static pair => pair.SpanId, static pair => pair.Source);

    private static List<Span> WithLinks(Trace trace)
    {
        var spans = new List<Span>();
        foreach (var span in trace.Spans)
        {
            if (span.HasLinks)
            {
                spans.Add(span);
            }
        }

        return spans;
    }
}
