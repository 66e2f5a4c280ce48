using HighAvail.Dashboard.StructuredLogs;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;
using Microsoft.AspNetCore.Components;
using Microsoft.FluentUI.AspNetCore.Components;
using Icons = Microsoft.FluentUI.AspNetCore.Components.Icons;

namespace HighAvail.Dashboard.Traces;

/// <summary>One trace: which span began which, and when.</summary>
public sealed partial class TracePage
{
    // Where the bar leaves no room on its right.
    private const double LateEnd = 0.85;

    private const int MaxText = 160;

    // A batch can have come from hundreds of requests; all of them stand beside its span.
    private const int MaxLinks = 5;

    private static readonly double[] _ticks = [0, 0.25, 0.5, 0.75];

    private readonly HashSet<ulong> _collapsed = [];
    private UInt128 _id;
    private Trace? _trace;
    private Span? _selected;
    private List<WaterfallRow> _rows = [];
    private IReadOnlyList<SpanReference> _linksTo = [];
    private ILookup<ulong, SpanReference> _linkedFrom = Array.Empty<SpanReference>().ToLookup(static span => span.SpanId);
    private ILookup<ulong, LogRecord> _logs = Array.Empty<LogRecord>().ToLookup(static log => log.SpanId);

    /// <summary>The trace's id, 32 hexadecimal digits.</summary>
    [Parameter]
    public string TraceId { get; set; } = string.Empty;

    /// <summary>The span whose details are shown.</summary>
    [SupplyParameterFromQuery(Name = "span")]
    public string? SpanId { get; set; }

    [Inject]
    internal TraceStore Traces { get; set; } = default!;

    [Inject]
    internal LogStore Logs { get; set; } = default!;

    private string Title => _trace is null ? "Trace" : TraceSummary.TitleOf(_trace);

    // Each trace once, however many of its spans are named.
    private IEnumerable<(string Name, List<SpanReference> Traces)> Links => new[] { Once("Links to", _linksTo), Once("Linked from", _linkedFrom.SelectMany(static group => group)) }
        .Where(static links => links.Traces.Count > 0);

    /// <inheritdoc />
    protected override void OnInitialized() => Watch(Traces.Changes, Logs.Changes);

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        _id = TelemetryIds.ParseTrace(TraceId) ?? 0;
        var spanId = TelemetryIds.ParseSpan(SpanId);
        (_trace, _rows, _logs, _linksTo, _linkedFrom) = await Task.Run(() =>
        {
            // What is no longer in the store can still be read here to the end.
            var trace = Traces.Find(_id) ?? (_trace?.Id == _id ? _trace : null);
            var logs = trace is null ? [] : Array.FindAll(Logs.Snapshot(), log => log.TraceId == _id);
            return (
                trace,
                trace is null ? [] : Waterfall.Of(trace),
                logs.ToLookup(static log => log.SpanId),
                trace is null ? [] : TraceLinks.From(trace),
                TraceLinks.To(_id, trace is null ? [] : Traces.Snapshot()));
        });
        _selected = _rows.Find(row => row.Span.Id == spanId)?.Span;
        if (_collapsed.Count > 0)
        {
            _rows = [.. WithoutCollapsed()];
        }
    }

    private Task ToggleAsync(ulong span)
    {
        if (!_collapsed.Remove(span))
        {
            _collapsed.Add(span);
        }

        return ReloadAsync();
    }

    private IEnumerable<WaterfallRow> WithoutCollapsed()
    {
        var hiddenBelow = int.MaxValue;
        foreach (var row in _rows)
        {
            if (row.Depth > hiddenBelow)
            {
                continue;
            }

            hiddenBelow = _collapsed.Contains(row.Span.Id) ? row.Depth : int.MaxValue;
            yield return row;
        }
    }

    private double Share(ulong nanoseconds) => _trace!.Duration == 0 ? 0 : Math.Min(1, nanoseconds / (double)_trace.Duration);

    // Clocks differ between machines: what seems to lie outside is shown at the edge.
    private string At(ulong time) => TelemetryFormat.Percent(Share(time - Math.Min(time, _trace!.Start)));

    // Where the duration is written, and whether that is on the bar.
    private (string Style, bool IsOnBar) LabelAt(Span span)
    {
        var end = Share(span.End - Math.Min(span.End, _trace!.Start));
        var start = Share(span.Start - Math.Min(span.Start, _trace.Start));
        return end <= LateEnd ? ($"left: {TelemetryFormat.Percent(end)}", false)
            : start >= 1 - LateEnd ? ($"right: {TelemetryFormat.Percent(1 - start)}", false)
            : ($"right: {TelemetryFormat.Percent(1 - end)}", true);
    }

    private static (string Name, List<SpanReference> Traces) Once(string name, IEnumerable<SpanReference> spans) => (name, [.. spans.DistinctBy(static span => span.TraceId)]);

    private Icon IconOf(ulong span) => _collapsed.Contains(span) ? new Icons.Regular.Size16.ChevronRight() : new Icons.Regular.Size16.ChevronDown();

    private static string ToneOf(LogRecord log) => log.Level switch
    {
        LogLevel.Error or LogLevel.Critical => "bad",
        LogLevel.Warning => "doubtful",
        _ => "idle",
    };

    private static string TextOf(LogRecord log)
    {
        var text = log.ReadText();
        return $"{log.Level}: {(text.Length <= MaxText ? text : $"{text[..MaxText]}…")}";
    }

    private static string UrlOfTraces(Filter filter) => $"traces?filter={Uri.EscapeDataString(filter.ToString())}";
}
