using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Forwarding;

/// <summary>Where requests wait for a service that cannot answer now. They hold no place among those that are being served.</summary>
internal sealed class ParkingLot(IOptions<ForwardingOptions> options, GatewayMetrics metrics)
{
    private readonly ForwardingOptions _options = options.Value;
    private int _parked;

    /// <summary>Waits before the next try: twice as long with each time, and never all for equally long, so that they do not come back together.</summary>
    /// <param name="times">How often this request was parked before.</param>
    /// <param name="isCheap">Whether the next try loads nobody if it fails, too: then it comes soon.</param>
    /// <param name="left">How long the request still has.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <returns>How long it was parked; null where it is not worth waiting, because the time or the room is too short.</returns>
    public async ValueTask<TimeSpan?> ParkAsync(int times, bool isCheap, TimeSpan left, CancellationToken cancellationToken)
    {
        var delay = DelayOf(isCheap ? Math.Min(times, 1) : times);
        if (delay >= left)
        {
            return null;
        }

        if (Interlocked.Increment(ref _parked) > _options.MaxParked)
        {
            Interlocked.Decrement(ref _parked);
            return null;
        }

        var began = Stopwatch.GetTimestamp();
        metrics.Parks();
        try
        {
            await Task.Delay(delay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Stopwatch.GetElapsedTime(began);
        }
        finally
        {
            Interlocked.Decrement(ref _parked);
            metrics.Goes(Stopwatch.GetElapsedTime(began));
        }
    }

    // From half of it to the whole.
    private TimeSpan DelayOf(int times)
    {
        var whole = Math.Min(_options.ShortestDelay.TotalMilliseconds * Math.Pow(2, Math.Min(times, 30)), _options.LongestDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(whole * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
