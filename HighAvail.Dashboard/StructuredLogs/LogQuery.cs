using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;

namespace HighAvail.Dashboard.StructuredLogs;

/// <summary>Which entries somebody wants to see.</summary>
/// <param name="Resource">A service or replica; all without.</param>
/// <param name="Level">The lowest level.</param>
/// <param name="Text">What the text or the category contains.</param>
/// <param name="After">Nanoseconds since 1970.</param>
/// <param name="Filters">All of them must accept.</param>
internal sealed record LogQuery(string? Resource, LogLevel Level, string? Text, ulong After, IReadOnlyList<Filter> Filters)
{
    /// <summary>The properties that every entry has.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["message", "level", "category", "resource", "trace", "span", "time"];

    /// <summary>What matches, latest first.</summary>
    public LogRecord[] Apply(LogRecord[] logs)
    {
        var matching = Array.FindAll(logs, Accepts);
        Array.Sort(matching, static (a, b) => a.Time == b.Time ? b.Id.CompareTo(a.Id) : b.Time.CompareTo(a.Time));
        return matching;
    }

    private bool Accepts(LogRecord log) =>
        log.Level >= Level && log.Time >= After && (Resource is null || log.Resource.Is(Resource)) &&
        (string.IsNullOrEmpty(Text) || log.ReadText().Contains(Text, StringComparison.OrdinalIgnoreCase) || log.Scope.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)) &&
        Filters.All(filter => filter.Accepts(ValueOf(log, filter)));

    private static string? ValueOf(LogRecord log, Filter filter) => filter.Field switch
    {
        "message" => log.ReadText(),
        "level" => log.Level.ToString(),
        "category" => log.Scope.Name,
        "resource" => log.Resource.Name,
        "trace" => log.TraceId == 0 ? null : TelemetryIds.Format(log.TraceId),
        "span" => log.SpanId == 0 ? null : TelemetryIds.Format(log.SpanId),
        "time" => TelemetryTime.ToDateTime(log.Time).ToString("O"),
        _ => log.FindAttribute(filter.FieldUtf8),
    };
}
