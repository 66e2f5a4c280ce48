using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;

namespace HighAvail.Drill.Report;

/// <summary>How far a drill is: written by who runs it, read by who shows it.</summary>
internal sealed class DrillProgress(OpenLoop loop, SampleLog log)
{
    private readonly Lock _gate = new();
    private readonly List<FaultRecord> _faults = [];
    private readonly List<Mark> _marks = [];
    private readonly List<string> _news = [];

    internal TimeSpan Elapsed => loop.Elapsed;

    internal int InFlight => loop.InFlight;

    /// <summary>When the request that has waited longest for its answer was to be sent; none if none waits.</summary>
    internal TimeSpan? OldestUnanswered => loop.OldestUnanswered;

    internal SampleLog Log => log;

    /// <summary>The faults that are over.</summary>
    internal IReadOnlyList<FaultRecord> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Everything that was done and that came of it, as people read it, after so many pieces of news.</summary>
    internal IReadOnlyList<string> NewsSince(int count)
    {
        lock (_gate)
        {
            return _news[count..];
        }
    }

    /// <summary>The marks that were set since a moment.</summary>
    internal IReadOnlyList<Mark> MarksSince(TimeSpan moment)
    {
        lock (_gate)
        {
            return [.. _marks.Where(m => m.At >= moment)];
        }
    }

    internal void Add(FaultRecord fault, string news)
    {
        lock (_gate)
        {
            _faults.Add(fault);
            _news.Add(news);
        }
    }

    internal void Mark(string text)
    {
        lock (_gate)
        {
            _marks.Add(new(loop.Elapsed, text));
            _news.Add(text);
        }
    }
}
