using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Limits;

/// <summary>
/// Lets in as many requests as can be answered soon and refuses the rest at once. Otherwise, when more come than can be served, all would wait longer
/// and longer until none is answered in time.
/// </summary>
internal sealed class LoadShedding(IOptions<LimitOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.Concurrency,
        QueueLimit = options.Value.Queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Whether there is a place, which is given back when the lease is disposed.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => _limiter.Dispose();
}
