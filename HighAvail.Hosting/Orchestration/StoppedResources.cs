using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Tells subscribers that a resource, or one of its replicas, has ended and is not started again.</summary>
internal static class StoppedResources
{
    /// <summary>Runs until it is cancelled.</summary>
    internal static async Task PublishAsync(
        ResourceNotificationService notifications, IDistributedApplicationEventing eventing, IServiceProvider services, CancellationToken cancellationToken)
    {
        var stopped = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (change.IsRemoved || !KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text))
            {
                stopped.Remove(change.ResourceId);
            }
            else if (stopped.Add(change.ResourceId))
            {
                await eventing.PublishAsync(new ResourceStoppedEvent(change.Resource, services, change), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
