using System.Diagnostics.Metrics;

namespace HighAvail.Gateway.Forwarding;

/// <summary>What the gateway does so that a client sees nothing of what happens behind it.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _tries;
    private readonly Histogram<double> _parked;
    private readonly UpDownCounter<long> _parkedNow;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _shed;
    private readonly Counter<long> _limited;

    public GatewayMetrics(IMeterFactory meters, IHostEnvironment environment)
    {
        var meter = meters.Create(environment.ApplicationName);
        _tries = meter.CreateCounter<long>("highavail.gateway.tries", "{try}", "Tries that brought no answer for the client, by service and outcome.");
        _parked = meter.CreateHistogram<double>("highavail.gateway.parked.duration", "s", "How long requests were parked until a service could answer.");
        _parkedNow = meter.CreateUpDownCounter<long>("highavail.gateway.parked", "{request}", "Requests that are parked.");
        _ejections = meter.CreateCounter<long>("highavail.gateway.ejections", "{replica}", "Replicas left out for a while, by service.");
        _shed = meter.CreateCounter<long>("highavail.gateway.shed", "{request}", "Requests refused because there were too many.");
        _limited = meter.CreateCounter<long>("highavail.gateway.limited", "{request}", "Requests refused because one client sent too many.");
    }

    public void Failed(string service, TryOutcome outcome) =>
        _tries.Add(1, new("service", service), new("outcome", outcome.ToString()));

    public void Parks() => _parkedNow.Add(1);

    public void Goes(TimeSpan parked)
    {
        _parkedNow.Add(-1);
        _parked.Record(parked.TotalSeconds);
    }

    public void Ejects(string service) => _ejections.Add(1, new KeyValuePair<string, object?>("service", service));

    public void Sheds() => _shed.Add(1);

    public void Limits() => _limited.Add(1);
}
