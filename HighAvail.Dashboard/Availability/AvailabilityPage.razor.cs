using System.Globalization;
using HighAvail.Dashboard.Control;
using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.Shell;
using HighAvail.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.Availability;

/// <summary>What clients got, and what happened meanwhile.</summary>
public sealed partial class AvailabilityPage
{
    private const string DefaultWindow = "5m";
    private const int MaxHappened = 50;

    private string[] _services = [];
    private string? _service;
    private Resource[] _replicated = [];
    private TimeBins _bins;
    private ChartLine[] _rates = [];
    private ChartLine[] _success = [];
    private ChartLine[] _latencies = [];
    private List<ChartMark> _marks = [];
    private List<HostEvent> _happened = [];
    private double _requests;
    private double _failures;
    private bool _isAllowed;

    /// <summary>The service whose requests are counted.</summary>
    [SupplyParameterFromQuery]
    public string? Service { get; set; }

    /// <summary>How much of the past.</summary>
    [SupplyParameterFromQuery]
    public string? Last { get; set; }

    [Inject]
    internal MetricStore Metrics { get; set; } = default!;

    [Inject]
    internal HostConnection Host { get; set; } = default!;

    [Inject]
    internal HostEvents Events { get; set; } = default!;

    [Inject]
    internal CommandRuns Runs { get; set; } = default!;

    private string Summary => _requests == 0
        ? "There were no requests in this time."
        : string.Create(CultureInfo.InvariantCulture, $"{_requests:0} requests, of which {_failures:0} failed: {100 * (1 - (_failures / _requests)):0.###} % were answered.");

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _isAllowed = await Runs.IsAllowedAsync();
        KeepTime();
        Host.Changed += OnHostChanged;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        Host.Changed -= OnHostChanged;
        base.Dispose(disposing);
    }

    /// <inheritdoc />
    protected override Task LoadAsync()
    {
        _bins = TimeBins.Last(TimeWindow.Find(Last) ?? TimeWindow.Find(DefaultWindow)!.Value, Time.GetUtcNow());
        _services = RequestStatistics.Services(Metrics);
        _service = Array.Find(_services, service => service == Service) ?? _services.FirstOrDefault();
        ShowHost();
        return _service is null ? Task.CompletedTask : Task.Run(() => Read(_service));
    }

    private void Read(string service)
    {
        var statistics = RequestStatistics.Read(Metrics, service, _bins);
        _rates = [new("answered", 0, statistics.Answered), new("failed", RequestStatistics.FailureColor, statistics.Failed)];
        _success = [new("answered", 0, statistics.SuccessPercent)];
        _latencies = [new("p50", 0, statistics.Median), new("p99", 1, statistics.P99)];
        _failures = statistics.Failed.Where(double.IsFinite).Sum() * _bins.Seconds;
        _requests = _failures + (statistics.Answered.Where(double.IsFinite).Sum() * _bins.Seconds);
    }

    private void ShowHost()
    {
        _replicated = [.. Host.Resources.Where(static resource => resource.Replicas.Count > 0)];
        var marked = Events.All.Where(Lights.IsMarked).ToArray();
        _happened = [.. marked.Reverse().Take(MaxHappened)];
        _marks =
        [
            .. marked.Select(static item => new ChartMark(
                TelemetryTime.FromDateTime(item.Time), $"{Format.Time(item.Time, item.Time)} {item.Replica ?? item.Resource}: {item.Describe()}", Lights.ToneOf(item))),
        ];
    }

    // A light changes at once, also while the charts are held.
    private void OnHostChanged() => _ = InvokeAsync(() =>
    {
        ShowHost();
        StateHasChanged();
    });

    private void Inject(string replica, ResourceCommand fault) => _ = Runs.RunAsync(replica, fault);
}
