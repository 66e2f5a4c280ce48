using System.Globalization;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>Ids as W3C Trace Context writes them.</summary>
internal static class TelemetryIds
{
    // As many letters as tell traces apart for a person.
    private const int ShortLength = 7;

    public static string Format(UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    public static string Format(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    public static string Shorten(UInt128 traceId) => Format(traceId)[..ShortLength];

    public static UInt128? ParseTrace(string? text) =>
        UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id != 0 ? id : null;

    public static ulong? ParseSpan(string? text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) && id != 0 ? id : null;
}
