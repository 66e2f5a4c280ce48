namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Which endpoints of another resource a resource refers to, under which name.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="name">The name under which it is looked up, or <see langword="null"/> for the resource's own.</param>
internal sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource, string? name) : IResourceAnnotation
{
    internal IResourceWithEndpoints Resource { get; } = resource;

    internal string? Name { get; } = name;

    internal bool UseAllEndpoints { get; set; }

    internal HashSet<string> EndpointNames { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<EndpointReference> Endpoints => Resource.GetEndpoints()
        .Where(e => EndpointNames.Contains(e.EndpointName) || (UseAllEndpoints && !e.ExcludeReferenceEndpoint));
}
