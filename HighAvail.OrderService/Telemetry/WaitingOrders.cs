using HighAvail.OrderService.Processing;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.OrderService.Telemetry;

/// <summary>Measures what waits to be processed, while somebody listens.</summary>
internal sealed class WaitingOrders(
    NpgsqlDataSource dataSource,
    OrderMetrics metrics,
    StartupGate started,
    IOptions<OrderProcessingOptions> options,
    TimeProvider timeProvider) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.MeasureInterval, timeProvider);
        do
        {
            if (metrics.IsWaitingMeasured)
            {
                await TryMeasureAsync(stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryMeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand("SELECT count(*), min(created_at) FROM orders WHERE status = 'pending'");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var age = reader.IsDBNull(1) ? TimeSpan.Zero : timeProvider.GetUtcNow().UtcDateTime - reader.GetDateTime(1);
            metrics.Waiting(reader.GetInt64(0), age > TimeSpan.Zero ? age : TimeSpan.Zero);
        }
#pragma warning disable CA1031 // Without a database there is no measurement; the health check and the processor tell that it is away.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
        }
    }
}
