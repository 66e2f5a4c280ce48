using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace HighAvail.ServiceDefaults.Redis;

/// <summary>
/// The connection to Redis, opened in the background when the service starts, so that neither the start nor the first request waits for it.
/// </summary>
internal sealed class RedisConnection(ConfigurationOptions options) : IHostedService, IAsyncDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _connecting = new(() => ConnectionMultiplexer.ConnectAsync(options));

    /// <summary>The connection, once the first attempt is over, successful or not; it goes on trying by itself.</summary>
    public ConnectionMultiplexer? Multiplexer =>
        _connecting.Value.IsCompletedSuccessfully ? _connecting.Value.GetAwaiter().GetResult() : null;

    /// <summary>Waits for the first attempt, which ends after the connect time-out at the latest.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() => _connecting.Value;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _connecting.Value;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connecting.IsValueCreated && Multiplexer is { } multiplexer)
        {
            await multiplexer.DisposeAsync();
        }
    }
}
