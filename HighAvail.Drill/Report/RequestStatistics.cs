using HdrHistogram;
using HighAvail.Drill.Load;

namespace HighAvail.Drill.Report;

/// <summary>What became of a number of requests. Times in milliseconds, from when each was to be sent.</summary>
internal sealed record RequestStatistics(int Requests, int Failed, int Unknown, double P50, double P99, double Max)
{
    // In microseconds. Beyond every time-out, with three digits kept.
    private const long Longest = 10L * 60 * 1_000_000;
    private const int Digits = 3;

    /// <summary>The share that was answered well, in percent; of no requests all were.</summary>
    public double Availability => Requests == 0 ? 100 : 100.0 * (Requests - Failed - Unknown) / Requests;

    internal static RequestStatistics Of(IEnumerable<Sample> samples)
    {
        var (requests, failed, unknown) = (0, 0, 0);
        var latencies = new LongHistogram(Longest, Digits);
        foreach (var sample in samples)
        {
            requests++;
            failed += sample.Outcome == Outcome.Failed ? 1 : 0;
            unknown += sample.Outcome == Outcome.Unknown ? 1 : 0;
            latencies.RecordValue(Math.Clamp((long)sample.Latency.TotalMicroseconds, 1, Longest));
        }

        return requests == 0 ? new(0, 0, 0, 0, 0, 0) : new(requests, failed, unknown, At(50), At(99), At(100));

        double At(double percentile) => latencies.GetValueAtPercentile(percentile) / 1000.0;
    }
}
