namespace HighAvail.Dashboard.Telemetry;

/// <summary>Times as OpenTelemetry writes them: nanoseconds since 1970, unsigned, so that none lies outside of what a date can be.</summary>
internal static class TelemetryTime
{
    public static DateTime ToDateTime(ulong nanoseconds) => DateTime.UnixEpoch.AddTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick));

    public static ulong FromDateTime(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public static TimeSpan ToTimeSpan(ulong nanoseconds) => TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick));
}
