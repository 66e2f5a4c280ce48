namespace HighAvail.Drill.Load;

/// <summary>Whether requests are answered again: silence is no sign of it, since a system that hangs fails nobody until the first has given up.</summary>
/// <param name="log">The requests that have ended.</param>
/// <param name="seen">How many of them belong to earlier times.</param>
/// <param name="since">From when on it may be calm.</param>
/// <param name="recovery">How long it has to be.</param>
internal sealed class Calm(SampleLog log, int seen, TimeSpan since, TimeSpan recovery)
{
    private int _seen = seen;
    private TimeSpan _since = since;
    private TimeSpan? _lastGood;

    /// <summary>
    /// Whether for long enough no request has failed that was sent then, one that was sent then was answered well, and none has waited longer than that.
    /// </summary>
    /// <param name="now">How long the load has run.</param>
    /// <param name="oldestUnanswered">When the request that has waited longest was to be sent, if any waits.</param>
    internal bool IsReached(TimeSpan now, TimeSpan? oldestUnanswered)
    {
        var news = log.Since(_seen);
        _seen += news.Count;
        foreach (var sample in news)
        {
            if (sample.Outcome == Outcome.Ok)
            {
                _lastGood = _lastGood > sample.Intended ? _lastGood : sample.Intended;
            }
            else if (sample.Intended > _since)
            {
                _since = sample.Intended;
            }
        }

        return now - _since >= recovery && _lastGood > _since && !(now - oldestUnanswered > recovery);
    }
}
