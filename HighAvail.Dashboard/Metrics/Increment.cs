namespace HighAvail.Dashboard.Metrics;

/// <summary>What came to a sum or a histogram between two times.</summary>
/// <param name="From">Nanoseconds since 1970.</param>
/// <param name="To">Nanoseconds since 1970.</param>
/// <param name="Value">How much the sum grew.</param>
/// <param name="Count">How many values came to a histogram.</param>
/// <param name="Buckets">How many in each of its ranges.</param>
/// <param name="Bounds">The upper bounds of the ranges.</param>
public readonly record struct Increment(ulong From, ulong To, double Value, long Count, long[] Buckets, double[] Bounds)
{
    /// <summary>The increments of a series. What begins anew, as after a restart, begins at zero.</summary>
    public static IEnumerable<Increment> Of(IReadOnlyList<MetricPoint> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var (earlier, later) = (points[i - 1], points[i]);
            if (later.From <= earlier.To)
            {
                continue;
            }

            var isRestarted = later.Buckets is null && later.Count == 0 ? later.Value < earlier.Value : later.Count < earlier.Count;
            yield return new Increment(
                earlier.To,
                later.From,
                isRestarted ? later.Value : later.Value - earlier.Value,
                isRestarted ? later.Count : later.Count - earlier.Count,
                later.Buckets is null ? [] : Histogram.Between(earlier, later),
                later.Bounds ?? []);
        }
    }
}
