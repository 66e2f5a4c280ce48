using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>Deletes answers that nobody will ask for any more.</summary>
internal sealed partial class KeyCleanUp(
    NpgsqlDataSource dataSource,
    StartupGate started,
    IOptions<IdempotencyOptions> options,
    TimeProvider time,
    ILogger<KeyCleanUp> logger) : BackgroundService
{
    // Small enough that nobody waits for it, large enough that a day's answers are gone in minutes.
    private const int BatchSize = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.CleanUpInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (!stoppingToken.IsCancellationRequested && await DeleteAsync() == BatchSize)
                {
                }
            }
#pragma warning disable CA1031 // Whatever fails, what is old waits for the next time; a background service that ends would take the replica with it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogPutOff(exception.Message);
            }
        }
    }

    private Task<int> DeleteAsync() => dataSource.WriteAsync(
        """
        DELETE FROM idempotency_keys WHERE scope IN (
            SELECT scope FROM idempotency_keys WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        new() { Value = time.GetStoredNow() - options.Value.Retention },
        new() { Value = BatchSize });

    [LoggerMessage(LogLevel.Information, "Old idempotency keys are deleted later: {Reason}")]
    private partial void LogPutOff(string reason);
}
