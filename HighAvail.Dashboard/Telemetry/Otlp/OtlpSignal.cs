namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>The kinds of telemetry.</summary>
internal enum OtlpSignal
{
    Traces,
    Logs,
    Metrics,
}
