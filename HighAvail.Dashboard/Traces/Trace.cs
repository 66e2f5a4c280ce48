namespace HighAvail.Dashboard.Traces;

/// <summary>The spans that belong together. One writer at a time adds; any number read meanwhile without waiting.</summary>
public sealed class Trace(UInt128 id)
{
    // From here on looking through all spans for a repeated one takes longer than a table does.
    private const int ManySpans = 32;

    private Span[] _spans = new Span[4];
    private int _count;
    private HashSet<ulong>? _ids;

    public UInt128 Id { get; } = id;

    /// <summary>The beginning of the first span, nanoseconds since 1970.</summary>
    public ulong Start { get; private set; } = ulong.MaxValue;

    /// <summary>The end of the last one.</summary>
    public ulong End { get; private set; }

    public ulong Duration => End - Math.Min(Start, End);

    public int Errors { get; private set; }

    /// <summary>Whether a span of it names other spans.</summary>
    public bool HasLinks { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>How many spans came beyond what is kept.</summary>
    public int Dropped { get; private set; }

    /// <summary>The span that began it all: the first without a parent, or else the first of all.</summary>
    public Span Root { get; private set; } = null!;

    public ReadOnlySpan<Span> Spans
    {
        get
        {
            // The count first: the array that is read after it holds at least as many.
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _spans).AsSpan(0, count);
        }
    }

    /// <summary>Adds a span, unless it is there: a sender that heard no answer sends again.</summary>
    /// <param name="span">The span.</param>
    /// <param name="maxSpans">How many spans are kept.</param>
    /// <param name="maxBytes">How many bytes.</param>
    /// <returns>By how many bytes it grew.</returns>
    public int Add(Span span, int maxSpans, long maxBytes)
    {
        if (_count == maxSpans || Bytes + span.Bytes > maxBytes)
        {
            Dropped++;
            return 0;
        }

        if (Has(span.Id))
        {
            return 0;
        }

        if (_count == _spans.Length)
        {
            var larger = new Span[_count * 2];
            _spans.CopyTo(larger, 0);
            Volatile.Write(ref _spans, larger);
        }

        if (Root is null || Precedes(span, Root))
        {
            Root = span;
        }

        Start = Math.Min(Start, span.Start);
        End = Math.Max(End, span.End);
        HasLinks |= span.HasLinks;
        Errors += span.Status == SpanStatus.Error ? 1 : 0;
        Bytes += span.Bytes;
        _spans[_count] = span;
        Volatile.Write(ref _count, _count + 1);
        return span.Bytes;
    }

    // Whoever has no parent, and of equals who began first.
    private static bool Precedes(Span span, Span other) =>
        (span.ParentId == 0) == (other.ParentId == 0) ? span.Start < other.Start : span.ParentId == 0;

    private bool Has(ulong id)
    {
        if (_count >= ManySpans)
        {
            _ids ??= [.. _spans.AsSpan(0, _count).ToArray().Select(span => span.Id)];
            return !_ids.Add(id);
        }

        foreach (var span in _spans.AsSpan(0, _count))
        {
            if (span.Id == id)
            {
                return true;
            }
        }

        return false;
    }
}
