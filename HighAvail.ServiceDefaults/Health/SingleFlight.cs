namespace HighAvail.ServiceDefaults.Health;

/// <summary>
/// Runs one operation at a time, shared by all who ask meanwhile. A dependency that hangs is thereby asked by one probe, instead of by
/// one more every second until they hold the whole connection pool.
/// </summary>
internal sealed class SingleFlight(Func<CancellationToken, Task> operation)
{
    // An abandoned operation ends by itself, so that the dependency is asked anew.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Waits for the operation that is running, or starts one. Cancelling gives up the wait, not the operation.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running.IsCompleted)
            {
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
