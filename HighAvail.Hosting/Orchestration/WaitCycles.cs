using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Resources that wait for each other would wait for ever.</summary>
internal static class WaitCycles
{
    /// <exception cref="DistributedApplicationException">There is a cycle; the message shows it.</exception>
    internal static void Check(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>();
        foreach (var resource in resources)
        {
            Visit(resource, []);
        }

        void Visit(IResource resource, List<IResource> path)
        {
            if (path.IndexOf(resource) is var start and >= 0)
            {
                var cycle = path.Skip(start).Append(resource).Select(r => $"'{r.Name}'");
                throw new DistributedApplicationException(
                    $"Resources wait for each other in a circle and none could start: {string.Join(" waits for ", cycle)}. Remove one of these WaitFor calls.");
            }

            if (done.Contains(resource))
            {
                return;
            }

            path.Add(resource);
            foreach (var awaited in resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource))
            {
                Visit(awaited, path);
            }

            path.RemoveAt(path.Count - 1);
            done.Add(resource);
        }
    }
}
