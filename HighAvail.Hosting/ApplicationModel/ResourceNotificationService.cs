using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>
/// The one place that knows the state of every resource and replica. Whoever changes a state publishes it here; waits, the control API and
/// the command line read it here.
/// </summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>What a wait does, unless it says otherwise, when the other resource failed or ended.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;

    /// <summary>The last known state of every resource and replica of which anything was published.</summary>
    internal IReadOnlyList<ResourceEvent> CurrentStates
    {
        get
        {
            lock (_lock)
            {
                return [.. _current.Values];
            }
        }
    }

    /// <summary>Publishes a change of a resource that has no replicas.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new snapshot of the current one.</param>
    /// <returns>Completed when every watcher has been given the change.</returns>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.Name, stateFactory);
    }

    /// <summary>Publishes a change of one replica.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The replica's name.</param>
    /// <param name="stateFactory">Makes the new snapshot of the current one.</param>
    /// <returns>Completed when every watcher has been given the change.</returns>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);

        // Watchers are given the change inside the lock, so that all see the changes in one order.
        lock (_lock)
        {
            var previous = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : InitialSnapshot(resource);
            var next = stateFactory(previous);
            if (next == previous && known is not null)
            {
                return Task.CompletedTask;
            }

            var change = new ResourceEvent(resource, resourceId, next);
            _current[resourceId] = change;
            foreach (var watcher in _watchers.Keys)
            {
                watcher.Writer.TryWrite(change);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The last known state.</summary>
    /// <param name="resourceId">The name of a resource without replicas, or of a replica.</param>
    /// <param name="resourceEvent">The state.</param>
    /// <returns>Whether anything was published of it.</returns>
    public bool TryGetCurrentState(string resourceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            return _current.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>The last known state of every resource and replica, then every change.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The states, in one order for all watchers.</returns>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Unbounded: a change is small, and a reader that lost one would wait for it for ever.
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_lock)
        {
            foreach (var known in _current.Values)
            {
                channel.Writer.TryWrite(known);
            }

            _watchers.TryAdd(channel, true);
        }

        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
            await foreach (var change in channel.Reader.ReadAllAsync(ends.Token).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Waits for a state.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="targetState">The state; none is <see cref="KnownResourceStates.Running"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed when the resource, or any of its replicas, has the state.</returns>
    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken).ConfigureAwait(false);

    /// <summary>Waits for one of several states.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state that was reached.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(resourceName, e => e.Snapshot.State?.Text is { } s && states.Contains(s), cancellationToken)
            .ConfigureAwait(false);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits for a condition.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="predicate">The condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that met it.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended, or the application was.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        ArgumentNullException.ThrowIfNull(predicate);
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IsNamed(change, resourceName) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException($"The operation was cancelled before the resource '{resourceName}' met the condition.");
    }

    /// <summary>Waits until a resource is running and healthy.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that met the condition: the first replica that is healthy.</returns>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a resource is running and healthy.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="waitBehavior">What to do when it failed or ended.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that met the condition: the first replica that is healthy.</returns>
    /// <exception cref="DistributedApplicationException">It failed or ended, and the wait gives up then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            e => IsReady(e.Snapshot) || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsUnavailable(e.Snapshot)),
            cancellationToken).ConfigureAwait(false);
        if (!IsReady(reached.Snapshot))
        {
            throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.");
        }

        await reached.Snapshot.ResourceReadyEvent!.EventTask.WaitAsync(cancellationToken).ConfigureAwait(false);
        return reached;
    }

    /// <summary>Waits for everything that a resource said it waits for.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed when all are there.</returns>
    /// <exception cref="DistributedApplicationException">One failed or ended, and the wait gives up then.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(w => WaitForDependencyAsync(resource, w, cancellationToken)));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static bool IsUnavailable(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.RuntimeUnhealthy);

    private static bool IsReady(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.Running && snapshot.HealthStatus == HealthStatus.Healthy && snapshot.ResourceReadyEvent is not null;

    private static bool IsNamed(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private static CustomResourceSnapshot InitialSnapshot(IResource resource) =>
        resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot ?? new CustomResourceSnapshot
        {
            ResourceType = resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal),
            Properties = [],
            CreationTimeStamp = DateTime.UtcNow,
        };

    private async Task WaitForDependencyAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var stops = (wait.WaitBehavior ?? DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var name = wait.Resource.Name;
        switch (wait.WaitType)
        {
            case WaitType.WaitUntilHealthy:
                await WaitForResourceHealthyAsync(
                    name, stops ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable, cancellationToken).ConfigureAwait(false);
                break;

            case WaitType.WaitUntilStarted:
                var started = await WaitForResourceAsync(
                    name, e => e.Snapshot.State?.Text == KnownResourceStates.Running || (stops && IsUnavailable(e.Snapshot)), cancellationToken).ConfigureAwait(false);
                Require(started.Snapshot.State!.Text == KnownResourceStates.Running, $"Dependency resource '{name}' failed to start.");
                break;

            default:
                var ended = await WaitForResourceAsync(name, e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text), cancellationToken)
                    .ConfigureAwait(false);
                Require(ended.Snapshot.State!.Text != KnownResourceStates.FailedToStart, $"Dependency resource '{name}' failed to start.");
                Require(
                    (ended.Snapshot.ExitCode ?? 0) == wait.ExitCode,
                    $"Resource '{name}' has entered the '{ended.Snapshot.State.Text}' state with exit code '{ended.Snapshot.ExitCode}', expected '{wait.ExitCode}'.");
                break;
        }

        void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new DistributedApplicationException($"Resource '{resource.Name}' cannot start. {message}");
            }
        }
    }
}

/// <summary>A state of a resource or replica that was published.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The resource's name, or the replica's.</param>
/// <param name="snapshot">The state.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The resource's name, or the replica's.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>The state.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>The snapshot that a resource begins with.</summary>
/// <param name="initialSnapshot">The snapshot.</param>
public sealed class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The snapshot.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}
