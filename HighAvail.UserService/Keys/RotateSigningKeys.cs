using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Keys;

/// <summary>Keeps every replica's copy of the keys up to date; whichever comes first makes the next key and retires the old ones.</summary>
internal sealed partial class RotateSigningKeys(
    SigningKeyStore keys, StartupGate started, IOptions<SigningKeyOptions> options, TimeProvider time, ILogger<RotateSigningKeys> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.CheckInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RefreshAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Whatever fails, the keys in memory go on being used; a background service that ends would take the replica with it.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogPutOff(exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The signing keys are looked at later: {Reason}")]
    private partial void LogPutOff(string reason);
}
