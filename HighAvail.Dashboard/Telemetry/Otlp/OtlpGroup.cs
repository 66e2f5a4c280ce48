namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>What one scope of one resource sent.</summary>
/// <param name="resource">Who sent it.</param>
/// <param name="scope">The library that it comes from.</param>
/// <param name="message">The group, whose items are its field 2.</param>
internal readonly ref struct OtlpGroup(TelemetryResource resource, TelemetryScope scope, ReadOnlySpan<byte> message)
{
    public TelemetryResource Resource { get; } = resource;

    public TelemetryScope Scope { get; } = scope;

    public ReadOnlySpan<byte> Message { get; } = message;
}
