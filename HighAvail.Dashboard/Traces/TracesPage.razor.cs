using HighAvail.Dashboard.Shell;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;
using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.Traces;

/// <summary>What was done, by whom and how long it took.</summary>
public sealed partial class TracesPage
{
    // Of so many traces the properties are offered for conditions.
    private const int Sample = 50;

    private static readonly (string Key, string Name, ulong Nanoseconds)[] _durations =
    [
        ("", "Any duration", 0),
        ("10ms", "10 ms and longer", 10_000_000),
        ("100ms", "100 ms and longer", 100_000_000),
        ("1s", "1 s and longer", 1_000_000_000),
        ("10s", "10 s and longer", 10_000_000_000),
    ];

    private Trace[] _rows = [];
    private List<Filter> _filters = [];
    private string[] _fields = [.. TraceQuery.Fields];
    private int _total;
    private ulong _longest;

    /// <summary>A service or replica that has a part in it.</summary>
    [SupplyParameterFromQuery]
    public string? Resource { get; set; }

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery]
    public string? Search { get; set; }

    /// <summary>The shortest duration.</summary>
    [SupplyParameterFromQuery]
    public string? Duration { get; set; }

    /// <summary>How much of the past.</summary>
    [SupplyParameterFromQuery]
    public string? Last { get; set; }

    /// <summary>Whether they are sorted by duration, with a hyphen for the longest first; the latest are first otherwise.</summary>
    [SupplyParameterFromQuery(Name = SortHeader.Parameter)]
    public string? Sort { get; set; }

    /// <summary>Whether something failed in it.</summary>
    [SupplyParameterFromQuery(Name = "errors")]
    public string? Errors { get; set; }

    /// <summary>The conditions on one of its spans.</summary>
    [SupplyParameterFromQuery(Name = "filter")]
    public string[]? FilterTexts { get; set; }

    [Inject]
    internal TraceStore Traces { get; set; } = default!;

    private bool HasErrors => bool.TryParse(Errors, out var hasErrors) && hasErrors;

    /// <inheritdoc />
    protected override void OnInitialized() => Watch(Traces.Changes);

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        _filters = FilterParameters.Parse(FilterTexts);
        var shortest = Array.Find(_durations, duration => duration.Key == Duration).Nanoseconds;
        var query = new TraceQuery(
            string.IsNullOrEmpty(Resource) ? null : Resource, Search, HasErrors, shortest, TimeWindow.Start(Last, Time.GetUtcNow()), _filters);
        var sort = Sort;
        (_total, _rows, _longest, _fields) = await Task.Run(() =>
        {
            var all = Traces.Snapshot();
            var matching = Sorted(query.Apply(all), sort);
            return (all.Length, matching, matching.Select(static trace => trace.Duration).DefaultIfEmpty().Max(), FieldsOf(all));
        });
    }

    private static Trace[] Sorted(Trace[] traces, string? sort) => sort switch
    {
        "duration" => [.. traces.OrderBy(static trace => trace.Duration)],
        "-duration" => [.. traces.OrderByDescending(static trace => trace.Duration)],
        _ => traces,
    };

    private static string[] FieldsOf(Trace[] traces) =>
    [
        .. TraceQuery.Fields,
        .. traces.TakeLast(Sample).SelectMany(static trace => SpanDetails.Read(trace.Root).Attributes).Select(static attribute => attribute.Name).Distinct().Order(StringComparer.Ordinal),
    ];

    private double ShareOf(Trace trace) => _longest == 0 ? 0 : Math.Min(1, trace.Duration / (double)_longest);
}
