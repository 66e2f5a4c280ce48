namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>Who may send telemetry.</summary>
public enum OtlpAuthMode
{
    /// <summary>Who has a key.</summary>
    ApiKey,

    /// <summary>Everybody who reaches the port.</summary>
    Unsecured,
}
