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
    private readonly TimeSpan _queueTime = options.Value.QueueTime;
    private readonly ConcurrencyLimiterOptions _limit = new()
    {
        PermitLimit = options.Value.Concurrency,
        QueueLimit = options.Value.Queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    /// <summary>Whether there is a place in time, which is given back when the lease is disposed.</summary>
    /// <param name="kind">What the places are for.</param>
    /// <param name="isSlow">Whether such requests take so long that it is usual to wait longer than others do.</param>
    /// <param name="left">How long one is waited for at most.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public async ValueTask<RateLimitLease> EnterAsync(string kind, bool isSlow, TimeSpan left, CancellationToken cancellationToken)
    {
        var limiter = _limiters.GetOrAdd(kind, static (_, limit) => new ConcurrencyLimiter(limit), _limit);
        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired || left <= TimeSpan.Zero)
        {
            return lease;
        }

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(isSlow || left < _queueTime ? left : _queueTime);
        try
        {
            return await limiter.AcquireAsync(1, limited.Token);
        }
        catch (OperationCanceledException)
        {
            return lease;
        }
    }

    public void Dispose()
    {
        foreach (var limiter in _limiters.Values)
        {
            limiter.Dispose();
        }
    }
}
