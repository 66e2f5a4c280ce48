using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Limits;

/// <summary>
/// Lets in as many requests as can be answered soon and refuses the rest. Otherwise, when more come than can be served, all would wait longer
/// and longer until none is answered in time. Each service has its own places, so that one that hangs does not take those of another.
/// </summary>
/// <remarks>
/// A queue that is empty now and then does its work, and may be long in between; in one that always stands, waiting helps nobody (after CoDel, in the simple form of
/// Ben Maurer, "Fail at Scale", ACM Queue 13/8).
/// </remarks>
internal sealed class LoadShedding(IOptions<LimitOptions> options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Places> _places = new();
    private readonly TimeSpan _queueTime = options.Value.QueueTime;
    private readonly TimeSpan _burstTime = options.Value.BurstTime;
    private readonly TimeSpan _timeInABurst = options.Value.BurstTime > options.Value.QueueTime ? options.Value.BurstTime : options.Value.QueueTime;
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
        var places = _places.GetOrAdd(kind, static (_, shedding) => new Places(new(shedding._limit), shedding.Now), this);
        var lease = places.Limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            places.FreeAt = Now;
            return lease;
        }

        if (left <= TimeSpan.Zero)
        {
            return lease;
        }

        var patience = time.GetElapsedTime(places.FreeAt) < _burstTime ? _timeInABurst : _queueTime;
        using var limit = new CancellationTokenSource(isSlow || left < patience ? left : patience, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
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

    private long Now => time.GetTimestamp();

    /// <param name="limiter">Gives one at once only if nobody waits.</param>
    /// <param name="now">The time at which there are new ones.</param>
    private sealed class Places(ConcurrencyLimiter limiter, long now)
    {
        private long _freeAt = now;

        public ConcurrencyLimiter Limiter => limiter;

        /// <summary>When somebody found one free last.</summary>
        public long FreeAt
        {
            get => Volatile.Read(ref _freeAt);
            set => Volatile.Write(ref _freeAt, value);
        }
    }
}
