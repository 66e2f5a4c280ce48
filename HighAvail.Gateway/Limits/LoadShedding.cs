using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Limits;

/// <summary>
/// Lets in as many requests as can be answered soon and refuses the rest at once. Otherwise, when more come than can be served, all would wait longer
/// and longer until none is answered in time. Each service has its own places, so that one that hangs does not take those of another.
/// </summary>
internal sealed class LoadShedding(IOptions<LimitOptions> options) : IDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrencyLimiter> _limiters = new();
    private readonly ConcurrencyLimiterOptions _limit = new()
    {
        PermitLimit = options.Value.Concurrency,
        QueueLimit = options.Value.Queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    /// <summary>Whether there is a place, which is given back when the lease is disposed.</summary>
    public ValueTask<RateLimitLease> EnterAsync(string service, CancellationToken cancellationToken) =>
        _limiters.GetOrAdd(service, static (_, limit) => new ConcurrencyLimiter(limit), _limit).AcquireAsync(1, cancellationToken);

    public void Dispose()
    {
        foreach (var limiter in _limiters.Values)
        {
            limiter.Dispose();
        }
    }
}
