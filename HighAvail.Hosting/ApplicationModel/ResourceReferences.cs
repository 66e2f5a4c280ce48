namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Finds the resources that values are made of.</summary>
internal static class ResourceReferences
{
    /// <summary>The resources that a value is or is made of, each once, outer ones first.</summary>
    internal static List<IResource> In(params IEnumerable<object> values)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var resources = new List<IResource>();
        foreach (var value in values)
        {
            Visit(value);
        }

        return resources;

        void Visit(object value)
        {
            value = value is IResourceBuilder<IResource> described ? described.Resource : value;
            if (!seen.Add(value))
            {
                return;
            }

            if (value is IResource resource)
            {
                resources.Add(resource);
            }

            foreach (var inner in (value as IValueWithReferences)?.References ?? [])
            {
                Visit(inner);
            }
        }
    }
}
