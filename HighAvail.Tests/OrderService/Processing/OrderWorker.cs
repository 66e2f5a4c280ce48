using System.Diagnostics.Metrics;
using HighAvail.OrderService.Processing;
using HighAvail.OrderService.Signals;
using HighAvail.OrderService.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.OrderService.Processing;

/// <summary>What processes orders in a replica, without a replica around it.</summary>
internal sealed class OrderWorker : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public OrderWorker(OrderDatabase database, OrderProcessingOptions? options = null)
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        var all = Options.Create(options ?? new OrderProcessingOptions());
        Decisions = new OrderDecisions(database.DataSource, Signals, new OrderMetrics(Meters), TimeProvider.System, all);
        Orders = new PendingOrders(database.DataSource, Decisions, all, NullLogger<PendingOrders>.Instance);
    }

    /// <summary>Of which its meter is one.</summary>
    public IMeterFactory Meters { get; }

    public OrderSignals Signals { get; } = new();

    public OrderDecisions Decisions { get; }

    public PendingOrders Orders { get; }

    public void Dispose() => _services.Dispose();
}
