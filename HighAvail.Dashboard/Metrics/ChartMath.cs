namespace HighAvail.Dashboard.Metrics;

/// <summary>Makes of points what a chart shows.</summary>
internal static class ChartMath
{
    // Nanoseconds. A value holds until the next one is sent, which is every minute at the most, unless its sender was gone meanwhile.
    private const ulong MaxGap = 90_000_000_000;

    /// <summary>How much a second came to all of the series together. Before the first point there is no value.</summary>
    public static double[] Rate(TimeBins bins, IEnumerable<SeriesValues> series, Func<Increment, double>? value = null)
    {
        var rates = Empty(bins);
        foreach (var one in series)
        {
            foreach (var increment in Increment.Of(one.Points))
            {
                foreach (var (index, share) in bins.Spread(increment))
                {
                    rates[index] = Known(rates[index]) + (share * (value?.Invoke(increment) ?? increment.Value) / bins.Seconds);
                }
            }

            // Sent, but not changed.
            foreach (var point in one.Points)
            {
                Cover(bins, point, rates, static old => Known(old));
            }
        }

        return rates;
    }

    /// <summary>The sum of the last values of all series.</summary>
    public static double[] Last(TimeBins bins, IEnumerable<SeriesValues> series)
    {
        var sums = Empty(bins);
        foreach (var one in series)
        {
            var own = Empty(bins);
            for (var i = 0; i < one.Points.Length; i++)
            {
                var point = one.Points[i];
                var next = i + 1 < one.Points.Length ? one.Points[i + 1].From : point.To;
                Cover(bins, next > point.To && next - point.To <= MaxGap ? point with { To = next } : point, own, _ => point.Value);
            }

            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] = double.IsNaN(own[i]) ? sums[i] : Known(sums[i]) + own[i];
            }
        }

        return sums;
    }

    /// <summary>The value that a part of what came to all series lies below.</summary>
    public static double[][] Quantiles(TimeBins bins, IEnumerable<SeriesValues> series, params double[] parts)
    {
        var buckets = new double[bins.Count][];
        double[] bounds = [];
        foreach (var increment in series.SelectMany(static one => Increment.Of(one.Points)))
        {
            foreach (var (index, share) in bins.Spread(increment))
            {
                // The widest bounds so far count: series of one instrument have the same, those of exponential ones grow.
                if (increment.Bounds.Length > bounds.Length)
                {
                    (var old, bounds) = (bounds, increment.Bounds);
                    for (var i = 0; i < buckets.Length; i++)
                    {
                        buckets[i] = buckets[i] is { } counts ? Histogram.Rebin(counts, old, bounds) : null!;
                    }
                }

                var own = buckets[index] ??= new double[bounds.Length + 1];
                var added = Histogram.Rebin(Array.ConvertAll(increment.Buckets, static count => (double)count), increment.Bounds, bounds);
                for (var i = 0; i < own.Length && i < added.Length; i++)
                {
                    own[i] += share * added[i];
                }
            }
        }

        return [.. parts.Select(part => Array.ConvertAll(buckets, counts => counts is null ? double.NaN : Histogram.Quantile(part, counts, bounds)))];
    }

    private static void Cover(TimeBins bins, MetricPoint point, double[] values, Func<double, double> value)
    {
        if (point.To < bins.From || point.From >= bins.To)
        {
            return;
        }

        var last = bins.IndexOf(Math.Min(point.To, bins.To - 1))!.Value;
        for (var i = bins.IndexOf(Math.Max(point.From, bins.From))!.Value; i <= last; i++)
        {
            values[i] = value(values[i]);
        }
    }

    private static double Known(double value) => double.IsNaN(value) ? 0 : value;

    private static double[] Empty(TimeBins bins)
    {
        var values = new double[bins.Count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
