namespace HighAvail.Dashboard.Metrics;

/// <summary>Arithmetic with ranges.</summary>
internal static class Histogram
{
    // Bounds of exponential histograms are computed, and may differ in their last digit.
    private const double Tolerance = 1e-9;

    /// <summary>The counts of both, in the ranges of the first.</summary>
    public static long[] Add(in MetricPoint first, in MetricPoint second) => Combine(first, second, 1);

    /// <summary>What came to a histogram between two points of it. After a restart, which begins at zero, that is all of the later one.</summary>
    public static long[] Between(in MetricPoint earlier, in MetricPoint later)
    {
        var difference = later.Count < earlier.Count ? [] : Combine(later, earlier, -1);
        return difference.Length == 0 || Array.Exists(difference, static count => count < 0) ? later.Buckets ?? [] : difference;
    }

    /// <summary>Counts in other ranges. Each range goes where its upper bound lies: exact where an exponential histogram halves its resolution.</summary>
    public static double[] Rebin(double[] counts, double[] from, double[] to)
    {
        if (from.AsSpan().SequenceEqual(to))
        {
            return counts;
        }

        var result = new double[to.Length + 1];
        for (int i = 0, target = 0; i < counts.Length; i++)
        {
            while (target < to.Length && (i >= from.Length || to[target] < from[i] - (Math.Abs(from[i]) * Tolerance)))
            {
                target++;
            }

            result[target] += counts[i];
        }

        return result;
    }

    /// <summary>The value that a part of all lies below, by linear interpolation within its range, as Prometheus' <c>histogram_quantile</c> does it.</summary>
    /// <returns>NaN if there is none. What lies above the last bound counts as that bound: more is not known.</returns>
    public static double Quantile(double part, ReadOnlySpan<double> counts, ReadOnlySpan<double> bounds)
    {
        var total = 0.0;
        foreach (var count in counts)
        {
            total += count;
        }

        // Shares of single requests that fall on the edge of a part of the time.
        if (total < Tolerance || bounds.IsEmpty)
        {
            return double.NaN;
        }

        var rank = part * total;
        var below = 0.0;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (counts[i] > 0 && below + counts[i] >= rank - Tolerance)
            {
                var lower = i > 0 ? bounds[i - 1] : Math.Min(0, bounds[0]);
                return lower + ((bounds[i] - lower) * Math.Clamp((rank - below) / counts[i], 0, 1));
            }

            below += counts[i];
        }

        return bounds[^1];
    }

    private static long[] Combine(in MetricPoint kept, in MetricPoint other, int sign)
    {
        var added = Rebin(Array.ConvertAll(other.Buckets ?? [], static count => (double)count), other.Bounds ?? [], kept.Bounds ?? []);
        long[] result = [.. kept.Buckets ?? []];
        for (var i = 0; i < added.Length && i < result.Length; i++)
        {
            result[i] += sign * (long)added[i];
        }

        return result;
    }
}
