using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.ServiceDefaults.Startup;

/// <summary>Runs the start-up tasks one after another and then opens the gate.</summary>
internal sealed partial class StartupRunner(
    IEnumerable<IStartupTask> tasks,
    StartupGate gate,
    IHostApplicationLifetime lifetime,
    IOptions<StartupOptions> options,
    TimeProvider time,
    ILogger<StartupRunner> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var task in tasks)
            {
                gate.Current = task.Name;
                await RunAsync(task, stoppingToken);
            }

            gate.Current = null;
            gate.Open();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever it is, this process will never be ready: it ends, with the reason in its log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, gate.Current);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    private async Task RunAsync(IStartupTask task, CancellationToken cancellationToken)
    {
        var waiting = false;
        for (var delay = options.Value.FirstRetryDelay; ;)
        {
            try
            {
                await task.RunAsync(cancellationToken);
                if (waiting)
                {
                    LogRecovered(task.Name);
                }

                return;
            }
            catch (Exception exception) when (IsPassing(exception))
            {
                if (!waiting)
                {
                    LogWaiting(task.Name, exception.Message);
                }

                waiting = true;
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, options.Value.MaxRetryDelay.Ticks));
        }
    }

    // The server may be up before the database is created in it.
    private static bool IsPassing(Exception exception) =>
        DatabaseErrors.IsUnavailable(exception) || exception is PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName };

    [LoggerMessage(LogLevel.Warning, "Start-up task {Task} waits for the database: {Reason}")]
    private partial void LogWaiting(string task, string reason);

    [LoggerMessage(LogLevel.Information, "Start-up task {Task} is done after all: the database is there.")]
    private partial void LogRecovered(string task);

    [LoggerMessage(LogLevel.Critical, "Start-up task {Task} failed.")]
    private partial void LogFailed(Exception exception, string? task);
}
