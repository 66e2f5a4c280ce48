using HighAvail.OrderService.Access;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Feed;

/// <summary>Follows the feed in the background of every replica; nobody waits for it.</summary>
internal sealed partial class UserFollower(
    UserFeed feed,
    SigningKeyCopy keys,
    FeedLag lag,
    StartupGate started,
    IOptions<FeedOptions> options,
    TimeProvider timeProvider,
    ILogger<UserFollower> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        if (!keys.IsEmpty)
        {
            await Task.Delay(options.Value.RetryDelay, timeProvider, stoppingToken);
        }

        for (var failing = false; ;)
        {
            failing = !await TryFollowAsync(failing, stoppingToken);
            if (failing)
            {
                await Task.Delay(options.Value.RetryDelay, timeProvider, stoppingToken);
            }
        }
    }

    private async Task<bool> TryFollowAsync(bool failing, CancellationToken cancellationToken)
    {
        try
        {
            await feed.FollowAsync(failing ? TimeSpan.Zero : options.Value.Wait, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever fails, what is known goes on being used and the next round tries again; it is logged once per outage.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            lag.Failed();
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

    [LoggerMessage(LogLevel.Warning, "The User service cannot be asked for changes now, going on with what is known: {Reason}")]
    private partial void LogFailing(string reason);

    [LoggerMessage(LogLevel.Information, "Customers and signing keys are up to date again.")]
    private partial void LogRecovered();
}
