namespace HighAvail.Gateway.Forwarding;

/// <summary>
/// Bounds what retries add to the load: each request brings a part of one, and a reserve lasts for as long as nothing goes wrong. Without a bound, all
/// requests of a service in trouble would come several times.
/// </summary>
/// <param name="ratio">Which part of the requests may be retried.</param>
internal sealed class RetryBudget(double ratio)
{
    // Enough for what is in flight when one replica is lost.
    private const int Reserve = 100;
    private const int Unit = 1000;

    private readonly int _perRequest = (int)(ratio * Unit);
    private long _available = ratio > 0 ? Reserve * Unit : 0;

    public void Add()
    {
        // More than one thread may see room for the last part: the reserve is a round figure, not a limit that matters.
        if (Volatile.Read(ref _available) < Reserve * Unit)
        {
            Interlocked.Add(ref _available, _perRequest);
        }
    }

    public bool TryTake()
    {
        if (Interlocked.Add(ref _available, -Unit) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _available, Unit);
        return false;
    }
}
