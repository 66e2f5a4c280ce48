namespace HighAvail.Dashboard.Telemetry;

/// <summary>The stretches of time that pages offer.</summary>
internal static class TimeWindow
{
    /// <summary>How they stand in an address, how they are read, and how long they are.</summary>
    public static IReadOnlyList<(string Key, string Name, TimeSpan Length)> All { get; } =
    [
        ("1m", "Last minute", TimeSpan.FromMinutes(1)),
        ("5m", "Last 5 minutes", TimeSpan.FromMinutes(5)),
        ("15m", "Last 15 minutes", TimeSpan.FromMinutes(15)),
        ("1h", "Last hour", TimeSpan.FromHours(1)),
        ("6h", "Last 6 hours", TimeSpan.FromHours(6)),
    ];

    public static TimeSpan? Find(string? key) => All.Where(window => window.Key == key).Select(static window => (TimeSpan?)window.Length).FirstOrDefault();

    /// <summary>When a stretch that ends now began, nanoseconds since 1970; 0 if there is none.</summary>
    public static ulong Start(string? key, DateTimeOffset now) => Find(key) is { } length ? TelemetryTime.FromDateTime(now - length) : 0;
}
