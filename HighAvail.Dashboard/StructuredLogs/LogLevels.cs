namespace HighAvail.Dashboard.StructuredLogs;

/// <summary>The levels of OpenTelemetry, of which each has four numbers (opentelemetry-proto, <c>SeverityNumber</c>), as .NET calls them.</summary>
internal static class LogLevels
{
    public static LogLevel Of(ulong severity) => severity switch
    {
        // Not said: as a line without a level is read.
        0 => LogLevel.Information,
        <= 4 => LogLevel.Trace,
        <= 8 => LogLevel.Debug,
        <= 12 => LogLevel.Information,
        <= 16 => LogLevel.Warning,
        <= 20 => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
