using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.OrderService.Signals;

/// <summary>
/// Sends what this replica announces, after the transactions it is about: inside one, NOTIFY makes every commit wait for every other.
/// </summary>
internal sealed partial class SignalSender(
    OrderSignals signals,
    NpgsqlDataSource dataSource,
    IOptions<SignalOptions> options,
    TimeProvider timeProvider,
    ILogger<SignalSender> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failing = false; ;)
        {
            await signals.Announced.WaitAsync(Timeout.InfiniteTimeSpan, timeProvider, stoppingToken);
            if (signals.TakeAnnounced() is not (false, false) and var announced)
            {
                failing = !await TrySendAsync(announced, failing, stoppingToken);
            }

            await Task.Delay(failing ? options.Value.ReconnectDelay : options.Value.AnnounceInterval, timeProvider, stoppingToken);
        }
    }

    private async Task<bool> TrySendAsync((bool Pending, bool Changes) announced, bool failing, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(announced switch
            {
                (true, true) => $"SELECT pg_notify('{SignalChannels.Pending}', ''), pg_notify('{SignalChannels.Changes}', '')",
                (true, false) => $"SELECT pg_notify('{SignalChannels.Pending}', '')",
                _ => $"SELECT pg_notify('{SignalChannels.Changes}', '')",
            });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // Whatever fails, polling finds what is not announced yet; it is logged once per outage.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!failing)
            {
                LogFailing(exception.Message);
            }

            Repeat(announced);
            return false;
        }
    }

    private void Repeat((bool Pending, bool Changes) announced)
    {
        if (announced.Pending)
        {
            signals.AnnouncePending();
        }

        if (announced.Changes)
        {
            signals.AnnounceChanges();
        }
    }

    [LoggerMessage(LogLevel.Information, "Other replicas are not woken now, they find out by polling: {Reason}")]
    private partial void LogFailing(string reason);
}
