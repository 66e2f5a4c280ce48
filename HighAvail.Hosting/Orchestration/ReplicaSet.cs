using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// The replicas of one resource: what their supervisors report is published, and decides who is given work.
/// </summary>
internal sealed class ReplicaSet : IAsyncDisposable
{
    private readonly IResource _resource;
    private readonly EndpointRouter? _router;
    private readonly ReplicaSnapshots _snapshots;
    private readonly ResourceNotificationService _notifications;
    private readonly Func<Task> _ready;
    private readonly Func<string, Action<ReplicaStatus>, (ReplicaSupervisor Supervisor, ReplicaDriver Driver)> _create;
    private readonly ReplicaReadiness _readiness;
    private readonly ReplicaSetOperation _operation;
    private readonly Lock _lock = new();
    private volatile Replica[] _replicas = [];
    private EventSnapshot? _readyEvent;
    private TaskCompletionSource _changed = NewSignal();

    /// <param name="resource">The resource.</param>
    /// <param name="router">Leads others to its ready replicas; none for a server that listens on its stable address itself.</param>
    /// <param name="create">Makes the supervisor and the driver of a replica of a given name.</param>
    /// <param name="readiness">Waits for replicas that are started one by one.</param>
    /// <param name="notifications">Where the states are published.</param>
    /// <param name="eventing">Told when the resource is ready for the first time.</param>
    /// <param name="services">The app host's services.</param>
    internal ReplicaSet(
        IResource resource,
        EndpointRouter? router,
        Func<string, Action<ReplicaStatus>, (ReplicaSupervisor Supervisor, ReplicaDriver Driver)> create,
        ReplicaReadiness readiness,
        ResourceNotificationService notifications,
        IDistributedApplicationEventing eventing,
        IServiceProvider services)
    {
        _resource = resource;
        _router = router;
        _notifications = notifications;
        _ready = () => eventing.PublishAsync(new ResourceReadyEvent(resource, services));
        _snapshots = new(resource);
        _create = create;
        _readiness = readiness;
        _operation = new(resource.Name);
        while (_replicas.Length < Wanted)
        {
            Add();
        }
    }

    /// <summary>The name of the resource.</summary>
    internal string Name => _resource.Name;

    /// <summary>The replicas, in order.</summary>
    internal IReadOnlyList<Replica> Replicas => _replicas;

    /// <summary>How many there should be. As the model says it, so that whatever asks the model is told what is so.</summary>
    internal int Wanted
    {
        get => _resource is ProjectResource ? _resource.GetReplicaCount() : 1;
        set
        {
            // In its place and not after it, so that nobody finds the resource without one meanwhile.
            var changed = new ReplicaAnnotation(value);
            if (_resource.TryGetLastAnnotation<ReplicaAnnotation>(out var former))
            {
                _resource.Annotations[_resource.Annotations.IndexOf(former)] = changed;
            }
            else
            {
                _resource.Annotations.Add(changed);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(r => r.Supervisor.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_router is not null)
        {
            await _router.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Publishes a state of every replica, before there is anything to supervise.</summary>
    internal async Task PublishAsync(ResourceStateSnapshot state, string? message = null)
    {
        foreach (var replica in _replicas)
        {
            await _notifications.PublishUpdateAsync(_resource, replica.Name, s => _snapshots.WithoutProcess(s, state, message)).ConfigureAwait(false);
        }
    }

    /// <summary>Whether it was started at least once.</summary>
    internal bool IsBegun { get; private set; }

    /// <summary>Begins to supervise.</summary>
    internal Task StartAsync(string? replica = null)
    {
        IsBegun = true;
        return ForEachAsync(replica, r => r.StartAsync(), takeUpNewBuild: true);
    }

    /// <summary>Stops, and returns when the processes are gone.</summary>
    /// <param name="systemStops">Whether everything stops, so that nobody is left to be served.</param>
    /// <param name="replica">One replica, or all.</param>
    internal async Task StopAsync(bool systemStops, string? replica = null)
    {
        if (replica is not null)
        {
            await ForEachAsync(replica, r => r.StopAsync(systemStops)).ConfigureAwait(false);
            return;
        }

        var ended = _operation.EndAsync(close: systemStops);
        await ForEachAsync(null, r => r.StopAsync(systemStops)).ConfigureAwait(false);
        await ended.ConfigureAwait(false);

        // What was started until that had ended.
        await ForEachAsync(null, r => r.StopAsync(systemStops)).ConfigureAwait(false);
        await RemoveSurplusAsync().ConfigureAwait(false);
    }

    /// <summary>Stops and starts again.</summary>
    internal Task RestartAsync(string? replica = null) => ForEachAsync(replica, r => r.RestartAsync(), takeUpNewBuild: true);

    /// <summary>Stops and starts again one by one, so that there are never fewer ready ones than before.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be done now, or not to its end.</exception>
    internal Task RollAsync(CancellationToken cancellationToken) =>
        _operation.RunAsync("restarted one by one", new RollingRestart(this, _readiness).RunAsync, cancellationToken);

    /// <summary>Starts more replicas and waits until they are ready, or stops the newest ones.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be done now, or the new ones do not become ready.</exception>
    internal Task ScaleAsync(int wanted, CancellationToken cancellationToken) => _operation.RunAsync(
        string.Create(CultureInfo.InvariantCulture, $"scaled to {wanted}"),
        (ended, stopped) => new ReplicaScaling(this, _readiness).RunAsync(wanted, ended, stopped),
        cancellationToken);

    /// <summary>Kills with SIGKILL; supervision starts them again.</summary>
    /// <returns>How many processes were killed.</returns>
    internal Task<int> KillAsync(string? replica = null) => CountAsync(replica, r => r.KillAsync());

    /// <summary>Freezes the processes.</summary>
    /// <returns>How many.</returns>
    internal Task<int> PauseAsync(string? replica = null) => CountAsync(replica, r => Task.FromResult(r.Pause()));

    /// <summary>Lets paused processes go on.</summary>
    /// <returns>How many.</returns>
    internal Task<int> ResumeAsync(string? replica = null) => CountAsync(replica, r => Task.FromResult(r.Resume()));

    /// <summary>One more replica, not yet started, with the lowest number that is free.</summary>
    internal Replica Add()
    {
        var number = Enumerable.Range(0, int.MaxValue).First(n => _replicas.All(r => r.Number != n));
        var name = _resource is ProjectResource ? string.Create(CultureInfo.InvariantCulture, $"{_resource.Name}-{number}") : _resource.Name;
        Replica? added = null;
        var (supervisor, driver) = _create(name, status => Changed(added!, status));
        added = new(name, number, supervisor, driver);
        lock (_lock)
        {
            _replicas = [.. _replicas.Append(added).OrderBy(r => r.Number)];
        }

        return added;
    }

    /// <summary>Drains and forgets the replicas beyond those that are wanted.</summary>
    internal Task RemoveSurplusAsync()
    {
        var wanted = Wanted;
        return Task.WhenAll(_replicas.Where(r => r.Number >= wanted).Select(RemoveAsync));
    }

    /// <summary>Waits for a condition that depends on the states of the replicas.</summary>
    internal async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            if (condition())
            {
                return;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RemoveAsync(Replica replica)
    {
        // Not disposed: whoever stops all replicas at the same moment may still be about to ask it.
        await replica.Supervisor.StopAsync(systemStops: false).ConfigureAwait(false);
        lock (_lock)
        {
            _replicas = [.. _replicas.Where(r => r != replica)];
        }

        _notifications.Remove(replica.Name);
    }

    private async Task<int> CountAsync(string? replica, Func<ReplicaSupervisor, Task<bool>> action)
    {
        var done = 0;
        await ForEachAsync(replica, async r =>
        {
            if (await action(r).ConfigureAwait(false))
            {
                Interlocked.Increment(ref done);
            }
        }).ConfigureAwait(false);
        return done;
    }

    private Task ForEachAsync(string? replica, Func<ReplicaSupervisor, Task> action, bool takeUpNewBuild = false) => Task.WhenAll(
        _replicas.Where(r => replica is null || string.Equals(r.Name, replica, StringComparison.OrdinalIgnoreCase)).Select(r =>
        {
            if (takeUpNewBuild)
            {
                r.Driver.TakeUpNewBuild();
            }

            return action(r.Supervisor);
        }));

    // Called in order for each replica, from inside its supervisor.
    private void Changed(Replica replica, ReplicaStatus status)
    {
        _router?.Update(replica.Name, status.IsReady ? replica.Driver.Ports : null);

        EventSnapshot? ready;
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (status.IsReady)
            {
                _readyEvent ??= new(Task.Run(_ready));
            }

            ready = _readyEvent;
            (changed, _changed) = (_changed, NewSignal());
        }

        _ = _notifications.PublishUpdateAsync(
            _resource, replica.Name, s => _snapshots.Create(s, status, replica.Driver) with { ResourceReadyEvent = ready });
        changed.SetResult();
    }
}
