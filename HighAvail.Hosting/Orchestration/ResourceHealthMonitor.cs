using System.Collections.Concurrent;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// Watches the health of resources that are not processes of this host, such as databases and parameters: from the moment someone publishes
/// that they are running.
/// </summary>
internal sealed class ResourceHealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService healthChecks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider time)
{
    // Whoever waits for it to become healthy, or healthy again, is kept waiting a quarter of a second at most; while it is, nobody waits for the answer.
    private static readonly TimeSpan _intervalUntilHealthy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<IResource, bool> _watched = [];

    /// <summary>Runs until it is cancelled.</summary>
    internal async Task WatchAsync(Func<IResource, bool> isProcess, CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && !isProcess(change.Resource) && _watched.TryAdd(change.Resource, true))
            {
                _ = CheckAsync(change.Resource, cancellationToken);
            }
        }
    }

    private async Task CheckAsync(IResource resource, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key).ToHashSet();
        EventSnapshot? ready = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var report = await healthChecks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken).ConfigureAwait(false);
            if (report.Status == HealthStatus.Healthy)
            {
                ready ??= new(Task.Run(() => eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken), cancellationToken));
            }

            await notifications.PublishUpdateAsync(resource, s => s with
            {
                HealthReports = SameOrNew(s.HealthReports, report),
                ResourceReadyEvent = ready,
            }).ConfigureAwait(false);
            if (keys.Count == 0)
            {
                return;
            }

            await Task.Delay(report.Status == HealthStatus.Healthy ? _interval : _intervalUntilHealthy, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // An unchanged result is not news: the array compares by reference, and a new one would wake every watcher.
    private static System.Collections.Immutable.ImmutableArray<HealthReportSnapshot> SameOrNew(
        System.Collections.Immutable.ImmutableArray<HealthReportSnapshot> previous, HealthReport report)
    {
        var current = report.Entries.Select(e => new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.Message)).ToArray();
        return current.SequenceEqual(previous.Select(p => p with { LastRunAt = null })) ? previous : [.. current.Select(c => c with { LastRunAt = DateTime.UtcNow })];
    }
}
