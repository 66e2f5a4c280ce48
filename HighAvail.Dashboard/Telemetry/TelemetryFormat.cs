using System.Globalization;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>How pages write what telemetry has.</summary>
internal static class TelemetryFormat
{
    private const double Microsecond = 1e3;
    private const double Millisecond = 1e6;
    private const double Second = 1e9;

    /// <summary>Nanoseconds in the unit that leaves a number people read.</summary>
    public static string Duration(ulong nanoseconds) => nanoseconds switch
    {
        < (ulong)Microsecond => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} ns"),
        < (ulong)Millisecond => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / Microsecond:0.#} µs"),
        < (ulong)Second => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / Millisecond:0.##} ms"),
        < (ulong)(60 * Second) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / Second:0.##} s"),
        _ => Long(TelemetryTime.ToTimeSpan(nanoseconds)),
    };

    /// <summary>The time of day here to the millisecond; with the date when that is another one.</summary>
    public static string Time(ulong nanoseconds, DateTimeOffset now)
    {
        var local = TelemetryTime.ToDateTime(nanoseconds).ToLocalTime();
        return local.ToString(local.Date == now.ToLocalTime().Date ? "HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    /// <summary>Date and time here to the microsecond.</summary>
    public static string FullTime(ulong nanoseconds) =>
        TelemetryTime.ToDateTime(nanoseconds).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff zzz", CultureInfo.InvariantCulture);

    /// <summary>A share of a whole as style sheets take it.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.###}%");

    private static string Long(TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(duration.TotalHours):0}:{duration.Minutes:00}:{duration.Seconds:00} h");
}
