using System.Runtime.CompilerServices;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Control;

/// <summary>What happened, newest last; the oldest are forgotten.</summary>
internal sealed class EventLog(ResourceNotificationService notifications, SecretMask mask, TimeProvider time)
{
    // Some 300 bytes each. A drill that kills something every second for five minutes makes about as many.
    private const int MaxEvents = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<ControlEvent> _events = new();
    private readonly Dictionary<string, (string State, HealthStatus? Health, int Restarts)> _known = [];
    private long _lastId;
    private TaskCompletionSource _added = NewSignal();

    /// <summary>Everything that is kept.</summary>
    internal IReadOnlyList<ControlEvent> Snapshot()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }

    /// <summary>Everything that is kept, then what comes. A reader that falls far behind misses events, which the ids show.</summary>
    internal async IAsyncEnumerable<ControlEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            ControlEvent[] news;
            Task added;
            lock (_gate)
            {
                news = [.. _events.Where(e => e.Id > after)];
                added = _added.Task;
            }

            foreach (var item in news)
            {
                yield return item;
                after = item.Id;
            }

            await added.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Notes a command before it is done, so that what it causes comes after it.</summary>
    internal void Command(NamedResource target, string command) =>
        Add(new(0, default, ControlEventKind.Command, target.Resource.Name, target.Replica, Command: command));

    internal void CommandFailed(NamedResource target, string command, string? reason) =>
        Add(new(0, default, ControlEventKind.CommandFailed, target.Resource.Name, target.Replica, Command: command, Message: reason));

    /// <summary>Notes every change that is published, until it is cancelled.</summary>
    internal async Task RecordAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (change.IsRemoved)
            {
                _known.Remove(change.ResourceId);
            }
            else
            {
                Record(change);
            }
        }
    }

    private void Record(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var next = (State: ResourceSummary.StateOf(snapshot), Health: snapshot.HealthStatus, Restarts: snapshot.Value(KnownProperties.Restarts) as int? ?? 0);
        var isNew = !_known.TryGetValue(change.ResourceId, out var previous);
        _known[change.ResourceId] = next;
        ControlEventKind? kind = next.Restarts > previous.Restarts ? ControlEventKind.Restart
            : isNew || next.State != previous.State ? ControlEventKind.State
            : next.Health != previous.Health ? ControlEventKind.Health
            : null;
        if (kind is { } happened)
        {
            Add(new(
                0,
                default,
                happened,
                change.Resource.Name,
                ApplicationOrchestrator.IsProcess(change.Resource) ? change.ResourceId : null,
                next.State,
                next.Health?.ToString(),
                next.Restarts,
                snapshot.ExitCode,
                Message: snapshot.Value(KnownProperties.Message) is string message ? mask.Apply(message) : null));
        }
    }

    private void Add(ControlEvent item)
    {
        TaskCompletionSource added;
        lock (_gate)
        {
            _events.Enqueue(item with { Id = ++_lastId, Time = time.GetUtcNow() });
            if (_events.Count > MaxEvents)
            {
                _events.Dequeue();
            }

            (added, _added) = (_added, NewSignal());
        }

        added.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
