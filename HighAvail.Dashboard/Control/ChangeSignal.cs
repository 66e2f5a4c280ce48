namespace HighAvail.Dashboard.Control;

/// <summary>
/// Tells listeners that something changed, at most so often: pages are drawn for people, and a system that starts changes a hundred times a second.
/// </summary>
internal sealed class ChangeSignal(TimeSpan interval, TimeProvider time)
{
    private int _isPending;

    /// <summary>Something changed since the last call.</summary>
    internal event Action? Changed;

    /// <summary>Tells it after the interval, together with all that changes until then.</summary>
    internal void Set()
    {
        if (Interlocked.Exchange(ref _isPending, 1) == 0)
        {
            _ = TellAsync();
        }
    }

    private async Task TellAsync()
    {
        await Task.Delay(interval, time).ConfigureAwait(false);
        Volatile.Write(ref _isPending, 0);
        Changed?.Invoke();
    }
}
