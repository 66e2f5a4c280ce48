using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace HighAvail.ServiceDefaults.Redis;

/// <summary>
/// The connection to Redis, opened by its first use or some time after the service is ready: Redis only makes things faster, so the start
/// does not wait for it.
/// </summary>
internal sealed partial class RedisConnection(
    Func<ConfigurationOptions> configure,
    StartupGate started,
    IOptions<RedisOptions> options,
    TimeProvider time,
    ILogger<RedisConnection> logger) : BackgroundService, IAsyncDisposable
{
    private readonly TaskCompletionSource _used = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<Task<ConnectionMultiplexer>> _connecting = new(() => ConnectionMultiplexer.ConnectAsync(configure()));
    private bool _missed;

    /// <summary>Whether the first attempt is over, successful or not. The connection goes on trying by itself.</summary>
    public bool WasTried => _connecting.IsValueCreated && _connecting.Value.IsCompleted;

    /// <summary>Waits for the first attempt, which ends after the connect time-out at the latest.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        _used.TrySetResult();
        return _connecting.Value;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
        await Task.WhenAny(_used.Task, Task.Delay(options.Value.ConnectDelay, time, stoppingToken));
        stoppingToken.ThrowIfCancellationRequested();
        var multiplexer = await ConnectAsync();
        multiplexer.ConnectionFailed += (_, lost) => TellMissed(lost.FailureType);
        multiplexer.ConnectionRestored += (_, _) => TellRestored(multiplexer);
        if (!multiplexer.IsConnected)
        {
            TellMissed(ConnectionFailureType.UnableToConnect);
        }
    }

    // The client tries once a second and more, over two connections: of an outage its begin and its end are worth a line.
    private void TellMissed(ConnectionFailureType reason)
    {
        if (!Interlocked.Exchange(ref _missed, true))
        {
            LogMissed(reason);
        }
    }

    private void TellRestored(ConnectionMultiplexer multiplexer)
    {
        if (multiplexer.IsConnected && Interlocked.Exchange(ref _missed, false))
        {
            LogRestored();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connecting.IsValueCreated && _connecting.Value.IsCompletedSuccessfully)
        {
            await (await _connecting.Value).DisposeAsync();
        }

        Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Redis is away ({Reason}). Going on without it.")]
    private partial void LogMissed(ConnectionFailureType reason);

    [LoggerMessage(LogLevel.Information, "Redis is there.")]
    private partial void LogRestored();
}
