using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The state of every resource and replica, and every change of it, told to all watchers in one order.</summary>
/// <param name="services">The app host's services, which commands ask for their state.</param>
/// <param name="logger">Told every change of a state.</param>
internal sealed partial class ResourceStates(IServiceProvider services, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>The last known state of everything of which anything was published.</summary>
    internal IReadOnlyList<ResourceEvent> Current
    {
        get
        {
            lock (_lock)
            {
                return [.. _current.Values];
            }
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    /// <summary>Makes the new state of the current one, and tells it.</summary>
    internal void Publish(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        // Watchers are given the change inside the lock, so that all see the changes in one order.
        lock (_lock)
        {
            var previous = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : InitialSnapshots.Of(resource);
            var next = ResourceIconAnnotation.Complete(stateFactory(previous), resource);

            // Commands ask here for the state of their resource.
            _current[resourceId] = new(resource, resourceId, next);
            next = CommandSnapshots.Complete(next, resource, services, logger);
            if (next == previous && known is not null)
            {
                _current[resourceId] = known;
                return;
            }

            if (next.State?.Text is { } state && !string.IsNullOrWhiteSpace(state) && (known is null || state != previous.State?.Text))
            {
                LogStateChanged(resource.Name, resourceId, known is null || previous.State is null ? state : $"{previous.State.Text} -> {state}");
            }

            Tell(new(resource, resourceId, next));
            TellCommandsOfOthers(resourceId);
        }
    }

    /// <summary>Forgets a replica that there is no more, and tells that.</summary>
    internal void Remove(string resourceId)
    {
        lock (_lock)
        {
            if (_current.TryGetValue(resourceId, out var known))
            {
                Tell(new(known.Resource, resourceId, known.Snapshot) { IsRemoved = true });
                _current.Remove(resourceId);
            }
        }
    }

    internal bool TryGet(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            return _current.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>Whether a resource, or one of its replicas, is running and healthy.</summary>
    internal bool IsHealthy(IResource resource)
    {
        lock (_lock)
        {
            return _current.Values.Any(e => e.Resource == resource && e.Snapshot.HealthStatus == HealthStatus.Healthy);
        }
    }

    /// <summary>The last known state of everything, then every change.</summary>
    internal async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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

    private void Tell(ResourceEvent change)
    {
        _current[change.ResourceId] = change;
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(change);
        }
    }

    /// <summary>A command can depend on another resource than its own, such as one whose endpoint it asks.</summary>
    private void TellCommandsOfOthers(string resourceId)
    {
        foreach (var other in _current.Values.Where(e => e.Snapshot.Commands.Length > 0 && e.ResourceId != resourceId).ToArray())
        {
            var completed = CommandSnapshots.Complete(other.Snapshot, other.Resource, services, logger);
            if (completed != other.Snapshot)
            {
                Tell(new(other.Resource, other.ResourceId, completed));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Resource {Resource}/{ResourceId} changed state: {State}")]
    private partial void LogStateChanged(string resource, string resourceId, string state);
}
