namespace HighAvail.Hosting.Orchestration;

/// <summary>The current status of a replica. Changes are told in order, one at a time, to the listener and to those who wait.</summary>
internal sealed class ReplicaStatusCell(ReplicaStatus initial, Action<ReplicaStatus> changed)
{
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private ReplicaStatus _current = initial;

    public ReplicaStatus Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    public void Update(Func<ReplicaStatus, ReplicaStatus> change)
    {
        lock (_gate)
        {
            var next = change(_current);
            if (next == _current)
            {
                return;
            }

            _current = next;
            changed(next);
            _waiters.RemoveAll(waiter => waiter.Condition(next) && waiter.Met.TrySetResult(next));
        }
    }

    public async Task<ReplicaStatus> WaitForAsync(Func<ReplicaStatus, bool> condition, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(condition, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (condition(_current))
            {
                return _current;
            }

            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Met.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    private sealed record Waiter(Func<ReplicaStatus, bool> Condition, TaskCompletionSource<ReplicaStatus> Met);
}
