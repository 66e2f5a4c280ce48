using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Traces;

/// <summary>A span of a trace, which may be kept or not.</summary>
public readonly record struct SpanReference(UInt128 TraceId, ulong SpanId)
{
    /// <summary>Where it is shown.</summary>
    public string Url => $"traces/detail/{TelemetryIds.Format(TraceId)}?span={TelemetryIds.Format(SpanId)}";
}
