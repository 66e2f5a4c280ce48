using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Metrics;

/// <summary>The values of an instrument for one combination of attributes.</summary>
internal sealed class Series(Instrument instrument, AttributeValue[] attributes)
{
    public Instrument Instrument { get; } = instrument;

    public AttributeValue[] Attributes { get; } = attributes;

    public Queue<PointChunk> Chunks { get; } = new();

    /// <summary>Whether there was a point, also if it is forgotten.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The chunk that is being filled.</summary>
    public PointChunk? Newest { get; set; }
}
