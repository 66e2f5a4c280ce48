namespace HighAvail.Dashboard.Metrics;

/// <summary>An instrument of a resource and all that is kept of it.</summary>
internal sealed class Instrument(InstrumentDescription description)
{
    // Nanoseconds since 1970.
    private ulong _lastSent;
    private ulong _sentBefore;

    public InstrumentDescription Description { get; } = description;

    public Dictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

    /// <summary>The chunks of all series, oldest first.</summary>
    public LinkedList<PointChunk> Chunks { get; } = new();

    public int Count { get; set; }

    /// <summary>Notes that a point of a time was sent.</summary>
    public void Sent(ulong time)
    {
        if (time > _lastSent)
        {
            (_sentBefore, _lastSent) = (_lastSent, time);
        }
    }

    /// <summary>When it was sent the last time before that, whatever else was sent together with it; 0 if never.</summary>
    public ulong SentBefore(ulong time) => time > _lastSent ? _lastSent : _sentBefore;
}
