using System.Globalization;
using HighAvail.Drill.Load;

namespace HighAvail.Drill.Report;

/// <summary>The numbers that people watch while a drill runs: each look counts what has come in since the one before.</summary>
internal sealed class LiveCounters(DrillProgress progress)
{
    private int _seen;
    private int _failed;
    private int _unknown;

    /// <summary>How it stands, in a line.</summary>
    internal string Next()
    {
        var recent = progress.Log.Since(_seen);
        _seen += recent.Count;
        _failed += recent.Count(s => s.Outcome == Outcome.Failed);
        _unknown += recent.Count(s => s.Outcome == Outcome.Unknown);
        var latencies = RequestStatistics.Of(recent);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Elapsed:hh\\:mm\\:ss}  {_seen} answered  {_failed} failed  {_unknown} unknown  {progress.InFlight} under way  p50 {latencies.P50:0} ms  p99 {latencies.P99:0} ms");
    }
}
