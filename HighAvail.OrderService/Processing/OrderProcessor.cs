using HighAvail.OrderService.Signals;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Draining;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Processing;

/// <summary>Processes pending orders in the background of every replica, until it drains: when woken, and otherwise at every poll.</summary>
internal sealed partial class OrderProcessor(
    PendingOrders orders,
    StartupGate started,
    DrainSignal drain,
    OrderSignals signals,
    IOptions<OrderProcessingOptions> options,
    TimeProvider timeProvider,
    ILogger<OrderProcessor> logger) : BackgroundService
{
    private readonly OrderProcessingOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, drain.Draining);
        try
        {
            await started.WaitAsync(stop.Token);
            var pause = _options.PollInterval;
            for (var failing = false; ;)
            {
                failing = !await TryProcessAllAsync(failing, stop.Token);
                if (failing)
                {
                    pause = Min(2 * pause, _options.MaxOutageDelay);
                    await Task.Delay(pause, timeProvider, stop.Token);
                    continue;
                }

                pause = _options.PollInterval;
                await Task.Delay(_options.MinInterval, timeProvider, stop.Token);
                await signals.PendingHeard.WaitAsync(pause, timeProvider, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryProcessAllAsync(bool failing, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && await orders.ProcessBatchAsync() == _options.BatchSize)
            {
            }
        }
#pragma warning disable CA1031 // Whatever fails, orders wait in the database and the next poll tries again; it is logged once per outage.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!failing && DatabaseErrors.IsUnavailable(exception))
            {
                LogWaiting(exception.Message);
            }
            else if (!failing)
            {
                LogFailing(exception);
            }

            return false;
        }

        if (failing)
        {
            LogRecovered();
        }

        return true;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(LogLevel.Warning, "Orders wait for the database: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Error, "Orders cannot be processed now. Trying on.")]
    private partial void LogFailing(Exception exception);

    [LoggerMessage(LogLevel.Information, "Orders are processed again.")]
    private partial void LogRecovered();
}
