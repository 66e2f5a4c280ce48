using HighAvail.Dashboard.Shell;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;
using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.Metrics;

/// <summary>What programs measure of themselves.</summary>
public sealed partial class MetricsPage
{
    private const string DefaultWindow = "5m";

    // More lines than colours nobody tells apart, and more rows nobody reads.
    private const int MaxLines = Palette.Count;
    private const int MaxRows = 100;

    // What every series has, beside its attributes; none of them is called so.
    private const string ResourceSplit = "@resource";

    private InstrumentDescription[] _instruments = [];
    private InstrumentDescription? _instrument;
    private SeriesValues[] _series = [];
    private List<string> _attributes = [];
    private List<Filter> _filters = [];
    private List<(string Title, string Unit, ChartLine[] Lines)> _charts = [];
    private TimeBins _bins;
    private int _hidden;

    /// <summary>A service or replica.</summary>
    [SupplyParameterFromQuery]
    public string? Resource { get; set; }

    /// <summary>The library that made the instrument.</summary>
    [SupplyParameterFromQuery]
    public string? Meter { get; set; }

    /// <summary>The instrument's name.</summary>
    [SupplyParameterFromQuery]
    public string? Instrument { get; set; }

    /// <summary>How much of the past.</summary>
    [SupplyParameterFromQuery]
    public string? Last { get; set; }

    /// <summary>The attribute whose values have lines of their own; or <c>resource</c>, for each replica.</summary>
    [SupplyParameterFromQuery]
    public string? Split { get; set; }

    /// <summary>The conditions on attributes.</summary>
    [SupplyParameterFromQuery(Name = "filter")]
    public string[]? FilterTexts { get; set; }

    [Inject]
    internal MetricStore Metrics { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnInitialized() => KeepTime();

    /// <inheritdoc />
    protected override async Task LoadAsync()
    {
        var all = Metrics.Instruments();
        Resource ??= all.Select(static instrument => instrument.Resource.Service).Order(StringComparer.Ordinal).FirstOrDefault();
        _instruments =
        [
            .. all.Where(instrument => Resource is not null && instrument.Resource.Is(Resource))
                .DistinctBy(static instrument => (instrument.Meter, instrument.Name))
                .OrderBy(static instrument => instrument.Meter, StringComparer.Ordinal).ThenBy(static instrument => instrument.Name, StringComparer.Ordinal),
        ];
        _instrument = Array.Find(_instruments, instrument => instrument.Name == Instrument && instrument.Meter == Meter);
        _filters = FilterParameters.Parse(FilterTexts);
        _bins = TimeBins.Last(TimeWindow.Find(Last) ?? TimeWindow.Find(DefaultWindow)!.Value, Time.GetUtcNow());
        if (_instrument is { } chosen)
        {
            await Task.Run(() => Read(chosen));
        }
    }

    private void Read(InstrumentDescription instrument)
    {
        var all = Metrics.Read(Resource!, instrument.Meter, instrument.Name, _bins.From);
        _attributes = [.. all.SelectMany(static series => series.Attributes).Select(static attribute => attribute.Name).Distinct().Order(StringComparer.Ordinal)];
        _series = [.. all.Where(series => series.Points.Length > 0 && _filters.TrueForAll(filter => filter.Accepts(series.ValueOf(filter.Field))))];
        var groups = _series
            .GroupBy(series => Split switch
            {
                null or "" => "all",
                ResourceSplit => series.Instrument.Resource.Name,
                _ => series.ValueOf(Split) ?? "(none)",
            })
            .OrderByDescending(static group => group.Sum(static series => series.Points[^1].Value))
            .ToArray();
        _hidden = Math.Max(0, groups.Length - MaxLines);
        groups = [.. groups.Take(MaxLines).OrderBy(static group => group.Key, StringComparer.Ordinal)];
        _charts = instrument.Kind switch
        {
            InstrumentKind.Counter => [("Per second", instrument.Unit, Lines(group => ChartMath.Rate(_bins, group)))],
            InstrumentKind.Histogram =>
            [
                ("Per second", string.Empty, Lines(group => ChartMath.Rate(_bins, group, static increment => increment.Count))),
                ("Half, nine tenths and 99 in 100 are below", instrument.Unit, Quantiles()),
            ],
            _ => [("Value", instrument.Unit, Lines(group => ChartMath.Last(_bins, group)))],
        };

        ChartLine[] Lines(Func<IEnumerable<SeriesValues>, double[]> values) => [.. groups.Select((group, i) => new ChartLine(group.Key, i, values(group)))];

        ChartLine[] Quantiles()
        {
            var quantiles = ChartMath.Quantiles(_bins, groups.SelectMany(static group => group), 0.5, 0.9, 0.99);
            return [new("p50", 0, quantiles[0]), new("p90", 1, quantiles[1]), new("p99", 2, quantiles[2])];
        }
    }

    // Bytes say theirs themselves.
    private string? UnitOfTable => _instrument is { Unit: not ("" or "1" or "By") and var unit } ? $", {unit.Trim('{', '}')}" : null;

    private string Write(double value) => _instrument!.Unit == "By" ? Format.Bytes((long)value) : ChartScale.Write(value);

    private string UrlOf(InstrumentDescription instrument) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["resource"] = Resource,
        ["meter"] = instrument.Meter,
        ["instrument"] = instrument.Name,
        ["split"] = null,
        ["filter"] = null,
    });
}
