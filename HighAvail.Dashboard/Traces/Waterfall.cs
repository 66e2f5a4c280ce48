namespace HighAvail.Dashboard.Traces;

/// <summary>The spans of a trace in the order in which they are read: each below the one that began it, by time.</summary>
internal static class Waterfall
{
    // Deeper than anything is that people wrote, and as deep as can be shown.
    private const int MaxDepth = 100;

    public static List<WaterfallRow> Of(Trace trace)
    {
        var spans = trace.Spans.ToArray();
        Array.Sort(spans, static (a, b) => a.Start.CompareTo(b.Start));
        var ids = spans.Select(static span => span.Id).ToHashSet();
        // Spans whose parent was not sent, or not yet, stand for themselves.
        var children = spans.ToLookup(span => ids.Contains(span.ParentId) && span.ParentId != span.Id ? span.ParentId : 0);
        var rows = new List<WaterfallRow>(spans.Length);
        var pending = new Stack<(Span Span, int Depth)>();
        var isPlaced = new HashSet<ulong>();
        Place(children[0], 0);

        // Spans that are each other's parents hang from nothing.
        foreach (var span in spans)
        {
            if (!isPlaced.Contains(span.Id))
            {
                Place([span], 0);
            }
        }

        return rows;

        void Place(IEnumerable<Span> roots, int depth)
        {
            Push(roots, depth);
            while (pending.TryPop(out var next))
            {
                if (isPlaced.Add(next.Span.Id))
                {
                    rows.Add(new WaterfallRow(next.Span, Math.Min(next.Depth, MaxDepth), children.Contains(next.Span.Id)));
                    Push(children[next.Span.Id], next.Depth + 1);
                }
            }
        }

        void Push(IEnumerable<Span> siblings, int depth)
        {
            foreach (var span in siblings.Reverse())
            {
                pending.Push((span, depth));
            }
        }
    }
}

/// <summary>A line of a waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many are above it.</param>
/// <param name="HasChildren">Whether others hang from it.</param>
internal sealed record WaterfallRow(Span Span, int Depth, bool HasChildren);
