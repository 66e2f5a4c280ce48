using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Access;

/// <summary>Keeps the copy of the signing keys up to date in the background; nobody waits for it.</summary>
internal sealed partial class SigningKeyRefresher(
    SigningKeyCopy keys,
    StartupGate started,
    IOptions<SigningKeyOptions> options,
    TimeProvider timeProvider,
    ILogger<SigningKeyRefresher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        if (!keys.IsEmpty)
        {
            // The copy verifies, and right after a start there is better use for the processors.
            await Task.Delay(options.Value.RefreshInterval, timeProvider, stoppingToken);
        }

        for (var failing = false; ;)
        {
            failing = !await TryUpdateAsync(failing, stoppingToken);
            var pause = keys.IsEmpty ? options.Value.FirstRefreshInterval : options.Value.RefreshInterval;
            await Task.Delay(pause, timeProvider, stoppingToken);
        }
    }

    private async Task<bool> TryUpdateAsync(bool failing, CancellationToken cancellationToken)
    {
        try
        {
            await keys.UpdateAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever fails, the copy goes on verifying and the next round tries again; it is logged once per outage.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!failing)
            {
                LogFailing(exception.Message);
            }

            return false;
        }

        if (failing)
        {
            LogRecovered();
        }

        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The signing keys cannot be asked for now, going on with the copy: {Reason}")]
    private partial void LogFailing(string reason);

    [LoggerMessage(LogLevel.Information, "The signing keys are up to date again.")]
    private partial void LogRecovered();
}
