namespace HighAvail.OrderService.Signals;

/// <summary>Wakes one waiter. What is set while nobody waits, once or often, ends the next wait at once.</summary>
internal sealed class WakeUp
{
    private TaskCompletionSource _set = Create();

    public void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Waits until it is set, or for the given time.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var set = Volatile.Read(ref _set).Task;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(set, Task.Delay(atMost, timeProvider, waiting.Token));
        await waiting.CancelAsync();
        if (set.IsCompleted)
        {
            // Set again before this line or after it: either way the waiter sees what it was set for.
            Volatile.Write(ref _set, Create());
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
