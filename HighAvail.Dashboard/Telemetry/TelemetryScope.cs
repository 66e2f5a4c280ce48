namespace HighAvail.Dashboard.Telemetry;

/// <summary>The library, or category, that something comes from.</summary>
public sealed record TelemetryScope(string Name, string Version);
