using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.OrderService.Signals;

/// <summary>Hears what replicas announce, on a connection of its own, and listens anew when that is lost.</summary>
internal sealed partial class SignalListener(
    OrderSignals signals,
    [FromKeyedServices(SignalListener.DataSource)] NpgsqlDataSource dataSource,
    StartupGate started,
    IOptions<SignalOptions> options,
    TimeProvider timeProvider,
    ILogger<SignalListener> logger) : BackgroundService
{
    /// <summary>The key of its data source, and the name of the connection string.</summary>
    public const string DataSource = "ordersdb";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        for (var failing = false; ;)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notification) => Hear(notification.Channel);
                await using (var listen = new NpgsqlCommand($"LISTEN {SignalChannels.Pending}; LISTEN {SignalChannels.Changes}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                failing = false;
                // What was announced while nobody listened.
                Hear(SignalChannels.Pending);
                Hear(SignalChannels.Changes);
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
#pragma warning disable CA1031 // Whatever fails, polling finds what is not heard, and the listener tries again; it is logged once per outage.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!failing)
                {
                    LogDeaf(exception.Message);
                }

                failing = true;
            }

            await Task.Delay(options.Value.ReconnectDelay, timeProvider, stoppingToken);
        }
    }

    private void Hear(string channel) => (channel == SignalChannels.Pending ? signals.PendingHeard : signals.ChangesHeard).Set();

    [LoggerMessage(LogLevel.Information, "This replica is not woken by others now, it finds out by polling: {Reason}")]
    private partial void LogDeaf(string reason);
}
