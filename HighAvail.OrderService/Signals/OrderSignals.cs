namespace HighAvail.OrderService.Signals;

/// <summary>
/// Tells every replica that there is something to look for. Nothing depends on it: whoever is woken would also have looked a moment later.
/// </summary>
internal sealed class OrderSignals
{
    private int _pending;
    private int _changes;

    /// <summary>Some replica announced pending orders.</summary>
    public WakeUp PendingHeard { get; } = new();

    /// <summary>Some replica announced changes of orders.</summary>
    public WakeUp ChangesHeard { get; } = new();

    /// <summary>This replica has something to announce.</summary>
    public WakeUp Announced { get; } = new();

    /// <summary>Orders were committed that wait to be processed.</summary>
    public void AnnouncePending() => Announce(ref _pending);

    /// <summary>Changes of orders were committed that clients may be waiting for.</summary>
    public void AnnounceChanges() => Announce(ref _changes);

    /// <summary>What was announced since the last call.</summary>
    public (bool Pending, bool Changes) TakeAnnounced() =>
        (Interlocked.Exchange(ref _pending, 0) == 1, Interlocked.Exchange(ref _changes, 0) == 1);

    private void Announce(ref int what)
    {
        // Under load nearly every call finds it announced already.
        if (Volatile.Read(ref what) == 0)
        {
            Volatile.Write(ref what, 1);
            Announced.Set();
        }
    }
}
