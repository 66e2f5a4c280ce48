using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Stops a whole system: a resource goes when nothing that waited for it is left.</summary>
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
                var dependents = sets.Keys.Where(d => d.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource == resource)).Select(Stop).ToArray();
                stops[resource] = stop = StopAsync(sets[resource], dependents);
            }

            return stop;
        }
    }

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
