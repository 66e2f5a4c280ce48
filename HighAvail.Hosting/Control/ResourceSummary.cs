using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Control;

/// <summary>The state and health of a resource, made of those of its replicas.</summary>
/// <remarks>
/// The state is that of the replica which is furthest: a resource runs when any replica does. The health says how many can be given work:
/// all is <c>Healthy</c>, some is <c>Degraded</c>, none is <c>Unhealthy</c>; there is none while no replica runs or ought to.
/// </remarks>
/// <param name="State">One of <see cref="KnownResourceStates"/>, <c>Restarting</c>, <c>Paused</c>, or an own one.</param>
/// <param name="Health">The health, or none.</param>
internal sealed record ResourceSummary(string State, HealthStatus? Health)
{
    private static readonly string[] _furthestFirst =
    [
        KnownResourceStates.Running, KnownResourceStates.RuntimeUnhealthy, ReplicaSnapshots.Paused, KnownResourceStates.Starting, ReplicaSnapshots.Restarting, KnownResourceStates.Building,
        KnownResourceStates.Stopping, KnownResourceStates.Waiting, KnownResourceStates.FailedToStart, KnownResourceStates.Exited,
        KnownResourceStates.Finished, KnownResourceStates.NotStarted,
    ];

    /// <summary>The summary of the given replicas, or of a resource without replicas as its own only one.</summary>
    internal static ResourceSummary Of(IReadOnlyCollection<CustomResourceSnapshot> replicas)
    {
        var states = replicas.Select(StateOf).ToArray();
        return new(
            _furthestFirst.FirstOrDefault(states.Contains) ?? states.FirstOrDefault(KnownResourceStates.NotStarted),
            HealthOf(replicas));
    }

    internal static string StateOf(CustomResourceSnapshot snapshot) => snapshot.State?.Text ?? KnownResourceStates.NotStarted;

    private static HealthStatus? HealthOf(IReadOnlyCollection<CustomResourceSnapshot> replicas)
    {
        var healthy = replicas.Count(r => r.HealthStatus == HealthStatus.Healthy);
        if (healthy > 0 || replicas.Any(r => r.HealthStatus == HealthStatus.Degraded))
        {
            return healthy == replicas.Count ? HealthStatus.Healthy : HealthStatus.Degraded;
        }

        return replicas.Any(OughtToServe) ? HealthStatus.Unhealthy : null;
    }

    private static bool OughtToServe(CustomResourceSnapshot replica) => StateOf(replica) switch
    {
        KnownResourceStates.Running => replica.HealthStatus is not null,
        KnownResourceStates.RuntimeUnhealthy or KnownResourceStates.FailedToStart or ReplicaSnapshots.Restarting or ReplicaSnapshots.Paused => true,
        _ => false,
    };
}
