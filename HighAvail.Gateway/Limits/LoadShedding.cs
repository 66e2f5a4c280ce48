using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Limits;

/// <summary>
/// Lets in as many requests as can be answered soon and refuses the rest at once. Otherwise, when more come than can be served, all would wait longer
/// and longer until none is answered in time. Each service has its own places, so that one that hangs does not take those of another.
/// </summary>
internal sealed class LoadShedding(IOptions<LimitOptions> options) : IDisposable
{
    private readonly ConcurrentDictionary<string, Places> _places = new();
    private readonly TimeSpan _queueTime = options.Value.QueueTime;
    private readonly TimeSpan _burstTime = options.Value.BurstTime;
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
        var places = _places.GetOrAdd(kind, static (_, limit) => new Places(limit), _limit);
        var lease = places.Limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            places.FoundFree();
            return lease;
        }

        if (left <= TimeSpan.Zero)
        {
            return lease;
        }

        var patience = places.TakenFor < _burstTime ? _burstTime : _queueTime;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(isSlow || left < patience ? left : patience);
        try
        {
            return await places.Limiter.AcquireAsync(1, limited.Token);
        }
        catch (OperationCanceledException)
        {
            return lease;
        }
    }

    public void Dispose()
    {
        foreach (var places in _places.Values)
        {
            places.Limiter.Dispose();
        }
    }

    private sealed class Places(ConcurrencyLimiterOptions limit)
    {
        private long _freeAt = Stopwatch.GetTimestamp();

        public ConcurrencyLimiter Limiter { get; } = new(limit);

        /// <summary>For how long nobody has found one free.</summary>
        public TimeSpan TakenFor => Stopwatch.GetElapsedTime(Volatile.Read(ref _freeAt));

        public void FoundFree() => Volatile.Write(ref _freeAt, Stopwatch.GetTimestamp());
    }
}
