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
    private readonly Lock _readyLock = new();
    private readonly Dictionary<string, (ReplicaSupervisor Supervisor, ReplicaDriver Driver)> _replicas = new(StringComparer.OrdinalIgnoreCase);
    private EventSnapshot? _readyEvent;

    /// <param name="resource">The resource.</param>
    /// <param name="router">Leads others to its ready replicas; none for a server that listens on its stable address itself.</param>
    /// <param name="create">Makes the supervisor and the driver of a replica of a given name.</param>
    /// <param name="notifications">Where the states are published.</param>
    /// <param name="eventing">Told when the resource is ready for the first time.</param>
    /// <param name="services">The app host's services.</param>
    internal ReplicaSet(
        IResource resource,
        EndpointRouter? router,
        Func<string, Action<ReplicaStatus>, (ReplicaSupervisor Supervisor, ReplicaDriver Driver)> create,
        ResourceNotificationService notifications,
        IDistributedApplicationEventing eventing,
        IServiceProvider services)
    {
        _resource = resource;
        _router = router;
        _notifications = notifications;
        _ready = () => eventing.PublishAsync(new ResourceReadyEvent(resource, services));
        _snapshots = new(resource);
        foreach (var name in Names(resource))
        {
            _replicas[name] = create(name, status => Changed(name, status));
        }
    }

    /// <summary>The names of the replicas, in order.</summary>
    internal IEnumerable<string> ReplicaNames => _replicas.Keys;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replicas.Values.Select(r => r.Supervisor.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_router is not null)
        {
            await _router.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The names of a resource's replicas: a project's are numbered, because it can have more of them at any time; a server's single process
    /// has the name of the resource.
    /// </summary>
    internal static IEnumerable<string> Names(IResource resource) => resource is ProjectResource
        ? Enumerable.Range(0, resource.GetReplicaCount()).Select(i => $"{resource.Name}-{i}")
        : [resource.Name];

    /// <summary>Publishes a state of every replica, before there is anything to supervise.</summary>
    internal async Task PublishAsync(ResourceStateSnapshot state, string? message = null)
    {
        foreach (var name in _replicas.Keys)
        {
            await _notifications.PublishUpdateAsync(_resource, name, s => _snapshots.WithoutProcess(s, state, message)).ConfigureAwait(false);
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
    internal Task StopAsync(bool systemStops, string? replica = null) => ForEachAsync(replica, r => r.StopAsync(systemStops));

    /// <summary>Stops and starts again.</summary>
    internal Task RestartAsync(string? replica = null) => ForEachAsync(replica, r => r.RestartAsync(), takeUpNewBuild: true);

    /// <summary>Kills with SIGKILL; supervision starts them again.</summary>
    /// <returns>How many processes were killed.</returns>
    internal Task<int> KillAsync(string? replica = null) => CountAsync(replica, r => r.KillAsync());

    /// <summary>Freezes the processes.</summary>
    /// <returns>How many.</returns>
    internal Task<int> PauseAsync(string? replica = null) => CountAsync(replica, r => Task.FromResult(r.Pause()));

    /// <summary>Lets paused processes go on.</summary>
    /// <returns>How many.</returns>
    internal Task<int> ResumeAsync(string? replica = null) => CountAsync(replica, r => Task.FromResult(r.Resume()));

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
        _replicas.Where(r => replica is null || string.Equals(r.Key, replica, StringComparison.OrdinalIgnoreCase)).Select(r =>
        {
            if (takeUpNewBuild)
            {
                r.Value.Driver.TakeUpNewBuild();
            }

            return action(r.Value.Supervisor);
        }));

    // Called in order for each replica, from inside its supervisor.
    private void Changed(string name, ReplicaStatus status)
    {
        var driver = _replicas[name].Driver;
        _router?.Update(name, status.IsReady ? driver.Ports : null);

        EventSnapshot? ready;
        lock (_readyLock)
        {
            if (status.IsReady)
            {
                _readyEvent ??= new(Task.Run(_ready));
            }

            ready = _readyEvent;
        }

        _ = _notifications.PublishUpdateAsync(_resource, name, s => _snapshots.Create(s, status, driver) with { ResourceReadyEvent = ready });
    }
}
