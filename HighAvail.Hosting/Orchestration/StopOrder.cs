using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Dashboard;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Stops a whole system: a resource goes when nothing that waited for it is left, and the dashboard last.</summary>
internal static class StopOrder
{
    /// <summary>Stops and releases all replicas.</summary>
    internal static Task StopAsync(IReadOnlyDictionary<IResource, ReplicaSet> sets)
    {
        var stops = new Dictionary<IResource, Task>();
        return Task.WhenAll([.. sets.Keys.Select(Stop)]);

        Task Stop(IResource resource)
        {
            if (!stops.TryGetValue(resource, out var stop))
            {
                var dependents = sets.Keys.Where(other => DependsOn(other, resource)).Select(Stop).ToArray();
                stops[resource] = stop = StopAsync(sets[resource], dependents);
            }

            return stop;
        }
    }

    // Without it, everything that ends would try in vain, for as long as ten seconds, to send it the last of its telemetry.
    private static bool DependsOn(IResource resource, IResource other) => other is DashboardResource
        ? resource != other
        : resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == other);

    private static async Task StopAsync(ReplicaSet set, Task[] dependents)
    {
        // A dependent that could not be stopped is no reason to leave a database running.
        await Task.WhenAll(dependents).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await set.StopAsync(systemStops: true).ConfigureAwait(false);
        }
        finally
        {
            await set.DisposeAsync().ConfigureAwait(false);
        }
    }
}
