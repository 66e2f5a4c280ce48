using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace HighAvail.ServiceDefaults.Redis;

/// <summary>
/// The connection to Redis, opened in the background once the service is ready: Redis only makes things faster, so neither the start nor
/// the first request waits for it.
/// </summary>
internal sealed partial class RedisConnection(Func<ConfigurationOptions> options, StartupGate started, ILogger<RedisConnection> logger)
    : BackgroundService, IAsyncDisposable
{
    private bool _missed;
    private readonly Lazy<Task<ConnectionMultiplexer>> _connecting = new(() => ConnectionMultiplexer.ConnectAsync(options()));

    /// <summary>Whether the first attempt is over, successful or not. The connection goes on trying by itself.</summary>
    public bool WasTried => _connecting.IsValueCreated && _connecting.Value.IsCompleted;

    /// <summary>Waits for the first attempt, which ends after the connect time-out at the latest.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() => _connecting.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await started.WaitAsync(stoppingToken);
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
