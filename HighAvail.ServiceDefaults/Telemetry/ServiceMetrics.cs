using System.Diagnostics.Metrics;

namespace HighAvail.ServiceDefaults.Telemetry;

/// <summary>What every service counts of its own doing. Meter <c>HighAvail.ServiceDefaults</c>.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "HighAvail.ServiceDefaults";

    private readonly Counter<long> _replays;
    private readonly Counter<long> _unknown;

    public ServiceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _replays = meter.CreateCounter<long>("highavail.requests.replayed", "{request}", "Repeated requests that were answered with the stored answer.");
        _unknown = meter.CreateCounter<long>("highavail.writes.unknown", "{write}", "Writes whose outcome is not known.");
    }

    public void Replayed() => _replays.Add(1);

    public void UnknownOutcome() => _unknown.Add(1);
}
