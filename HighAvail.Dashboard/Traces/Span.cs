using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Traces;

/// <summary>One operation of a trace. What lists and filters always need is read when it arrives; the rest lies in <see cref="Message"/> until somebody looks.</summary>
public sealed class Span
{
    // The object and its message, with their headers, beside what the message holds.
    private const int Overhead = 136;

    public required UInt128 TraceId { get; init; }

    public required ulong Id { get; init; }

    /// <summary>0: it has none, and is a root.</summary>
    public required ulong ParentId { get; init; }

    public required string Name { get; init; }

    public required SpanKind Kind { get; init; }

    public required SpanStatus Status { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required ulong Start { get; init; }

    /// <summary>Nanoseconds since 1970; never before the start.</summary>
    public required ulong End { get; init; }

    public required TelemetryResource Resource { get; init; }

    public required TelemetryScope Scope { get; init; }

    /// <summary>Whether it names other spans that it has to do with.</summary>
    public required bool HasLinks { get; init; }

    /// <summary>The <c>Span</c> as it was sent.</summary>
    public required byte[] Message { get; init; }

    public ulong Duration => End - Start;

    public int Bytes => Message.Length + Overhead;
}
