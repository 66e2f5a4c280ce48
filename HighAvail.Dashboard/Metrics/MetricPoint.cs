namespace HighAvail.Dashboard.Metrics;

/// <summary>A value for as long as it did not change. Sums and counts are since the beginning, also where a sender sends differences.</summary>
/// <param name="From">When it was sent first, nanoseconds since 1970.</param>
/// <param name="To">When it was sent last.</param>
/// <param name="Value">The value; of a histogram the sum of all.</param>
/// <param name="Count">How many values a histogram has.</param>
/// <param name="Buckets">How many lie in each range of a histogram: one more than there are bounds.</param>
/// <param name="Bounds">The upper bounds of the ranges, which belong to them.</param>
public readonly record struct MetricPoint(ulong From, ulong To, double Value, long Count = 0, long[]? Buckets = null, double[]? Bounds = null)
{
    private const int Size = 48;
    private const int ArrayOverhead = 24;

    // Bounds are shared by all points that have the same.
    public int Bytes => Size + (Buckets is null ? 0 : ArrayOverhead + (sizeof(long) * Buckets.Length));

    public bool HasSameValue(in MetricPoint other) =>
        Value.Equals(other.Value) && Count == other.Count &&
        (Buckets ?? []).AsSpan().SequenceEqual(other.Buckets ?? []) && (Bounds ?? []).AsSpan().SequenceEqual(other.Bounds ?? []);

    /// <summary>This difference added to all that was before.</summary>
    public MetricPoint AddTo(in MetricPoint before)
    {
        var sum = this with { Value = before.Value + Value, Count = before.Count + Count };
        return Buckets is null || before.Buckets is null ? sum : sum with { Buckets = Histogram.Add(this, before) };
    }
}
