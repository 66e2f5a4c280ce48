using System.Globalization;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;
using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.StructuredLogs;

/// <summary>What programs log, with all that belongs to each entry.</summary>
public sealed partial class StructuredLogsPage
{
    // Of so many entries the properties are offered for conditions.
    private const int Sample = 200;

    // A line is a line; all of it stands beside it.
    private const int MaxLine = 500;

    private static readonly LogLevel[] _levels =
        [LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical];

    private LogRecord[] _rows = [];
    private LogRecord? _selected;
    private List<Filter> _filters = [];
    private IReadOnlyList<string> _fields = LogQuery.Fields;
    private int _total;

    /// <summary>A service or replica.</summary>
    [SupplyParameterFromQuery]
    public string? Resource { get; set; }

    /// <summary>The lowest level.</summary>
    [SupplyParameterFromQuery]
    public string? Level { get; set; }

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery]
    public string? Search { get; set; }

    /// <summary>How much of the past.</summary>
    [SupplyParameterFromQuery]
    public string? Last { get; set; }

    /// <summary>The conditions.</summary>
    [SupplyParameterFromQuery(Name = "filter")]
    public string[]? FilterTexts { get; set; }

    /// <summary>The entry whose details are shown.</summary>
    [SupplyParameterFromQuery(Name = "log")]
    public string? Log { get; set; }

    [Inject]
    internal LogStore Logs { get; set; } = default!;

    private long? LogId => long.TryParse(Log, CultureInfo.InvariantCulture, out var id) ? id : null;

    private LogLevel MinLevel => Enum.TryParse<LogLevel>(Level, ignoreCase: true, out var level) && _levels.Contains(level) ? level : LogLevel.Trace;

    /// <inheritdoc />
    protected override void OnInitialized() => Watch(Logs.Changes);

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        _filters = FilterParameters.Parse(FilterTexts);
        var query = new LogQuery(string.IsNullOrEmpty(Resource) ? null : Resource, MinLevel, Search, TimeWindow.Start(Last, Time.GetUtcNow()), _filters);
        var id = LogId;
        (_total, _rows, _selected, _fields) = await Task.Run(() =>
        {
            var all = Logs.Snapshot();
            return (all.Length, query.Apply(all), Array.Find(all, log => log.Id == id), FieldsOf(all));
        });
    }

    private static string[] FieldsOf(LogRecord[] logs) =>
        [.. LogQuery.Fields, .. logs.TakeLast(Sample).SelectMany(static log => log.ReadAttributes()).Select(static attribute => attribute.Name).Distinct().Order(StringComparer.Ordinal)];

    private static string Shorten(string text) => text.Length <= MaxLine ? text : text[..MaxLine];
}
