namespace HighAvail.Drill.Load;

/// <summary>Every request of a run: 32 bytes each, so an hour at 1 000 requests per second takes 115 MB.</summary>
internal sealed class SampleLog
{
    private readonly Lock _gate = new();
    private readonly List<Sample> _samples = [];

    internal void Add(Sample sample)
    {
        lock (_gate)
        {
            _samples.Add(sample);
        }
    }

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _samples.Count;
            }
        }
    }

    /// <summary>Those that came in since there were so many.</summary>
    internal IReadOnlyList<Sample> Since(int count)
    {
        lock (_gate)
        {
            return _samples.GetRange(count, _samples.Count - count);
        }
    }

    internal IReadOnlyList<Sample> All() => Since(0);
}
