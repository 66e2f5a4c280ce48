using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.UserService.Access;

/// <summary>Deletes sign-ins that have ended, with their refresh tokens, and failures that are forgotten.</summary>
internal sealed partial class AccessCleanUp(
    NpgsqlDataSource dataSource,
    StartupGate started,
    IOptions<TokenOptions> tokens,
    IOptions<LockoutOptions> lockout,
    TimeProvider time,
    ILogger<AccessCleanUp> logger) : BackgroundService
{
    // Small: each may have thousands of tokens, and the transaction that deletes them holds back the feed.
    private const int BatchSize = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(tokens.Value.CleanUpInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (!stoppingToken.IsCancellationRequested && await DeleteSessionsAsync() == BatchSize)
                {
                }

                await DeleteFailuresAsync();
            }
#pragma warning disable CA1031 // Whatever fails, what has ended waits for the next time; a background service that ends would take the replica with it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogPutOff(exception.Message);
            }
        }
    }

    private Task<int> DeleteSessionsAsync() => dataSource.WriteAsync(
        """
        DELETE FROM refresh_families WHERE id IN (
            SELECT id FROM refresh_families WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        new() { Value = time.GetStoredNow() },
        new() { Value = BatchSize });

    private Task<int> DeleteFailuresAsync() => dataSource.WriteAsync(
        """
        DELETE FROM login_failures WHERE failed_at < $1 AND locked_until < $2
        """,
        new() { Value = time.GetStoredNow() - lockout.Value.Memory },
        new() { Value = time.GetStoredNow() });

    [LoggerMessage(LogLevel.Information, "Ended sign-ins are deleted later: {Reason}")]
    private partial void LogPutOff(string reason);
}
