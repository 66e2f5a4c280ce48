using System.Diagnostics.Metrics;

namespace HighAvail.OrderService.Telemetry;

/// <summary>What happens to orders, in numbers.</summary>
internal sealed class OrderMetrics
{
    private readonly Counter<long> _placed;
    private readonly Counter<long> _processed;
    private readonly Gauge<long> _waiting;
    private readonly Gauge<double> _oldestWaiting;

    public OrderMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(OrderTracing.Name);
        _placed = meter.CreateCounter<long>("highavail.orders.placed", "{order}", "Orders that were placed.");
        _processed = meter.CreateCounter<long>("highavail.orders.processed", "{order}", "Orders that were processed, by outcome.");
        _waiting = meter.CreateGauge<long>("highavail.orders.waiting", "{order}", "Orders that wait to be processed, in all replicas together.");
        _oldestWaiting = meter.CreateGauge<double>(
            "highavail.orders.oldest_waiting", "s", "How long the oldest order that waits to be processed has been waiting.");
    }

    /// <summary>Whether anybody wants to know what waits.</summary>
    public bool IsWaitingMeasured => _waiting.Enabled || _oldestWaiting.Enabled;

    public void Placed() => _placed.Add(1);

    public void Processed(string outcome, int count) => _processed.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    public void Waiting(long count, TimeSpan oldest)
    {
        _waiting.Record(count);
        _oldestWaiting.Record(oldest.TotalSeconds);
    }
}
