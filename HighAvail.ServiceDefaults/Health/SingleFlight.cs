namespace HighAvail.ServiceDefaults.Health;

/// <summary>
/// Asks a dependency one thing at a time, shared by all who ask meanwhile: one that hangs is thereby asked by one probe, instead of by one more
/// every second until they hold the whole connection pool. A good answer counts for five seconds, since it decides nothing: with every probe
/// it would be a query a second from every replica, for ever.
/// </summary>
internal sealed class SingleFlight(Func<CancellationToken, Task> operation, TimeProvider time)
{
    // An abandoned operation ends by itself, so that the dependency is asked anew.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task _running = Task.FromException(new InvalidOperationException("Nobody has asked."));
    private long _startedAt;

    /// <summary>Waits for the operation that is running, or starts one unless the last succeeded a moment ago. Cancelling gives up the wait, not the operation.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running.IsCompleted && !(_running.IsCompletedSuccessfully && time.GetElapsedTime(_startedAt) < _fresh))
            {
                _startedAt = time.GetTimestamp();
                _running = StartAsync();
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    private async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(_limit);
        await operation(limit.Token);
    }
}
