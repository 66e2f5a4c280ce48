using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>The ports of an endpoint as a manifest names them; what is left out is the deployment tool's choice.</summary>
/// <param name="Port">The port that others connect to.</param>
/// <param name="TargetPort">The port that the program listens on.</param>
internal sealed record PublishedPorts(int? Port, int? TargetPort);

/// <summary>
/// Aspire's rules for the ports in a manifest: a project's first HTTP and HTTPS endpoint take the deployment tool's ports, everything else gets
/// one, counted from 8000 through the whole manifest.
/// </summary>
internal sealed class ManifestPorts
{
    private const int First = 8000;

    private readonly HashSet<int> _used = [];
    private int _next = First;

    internal IEnumerable<(EndpointAnnotation Endpoint, PublishedPorts Ports)> Of(IResource resource)
    {
        var schemes = new HashSet<string>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().ToArray())
        {
            var isFirstOfProject = resource is ProjectResource && endpoint.UriScheme is "http" or "https" && schemes.Add(endpoint.UriScheme);
            yield return (endpoint, Of(endpoint, isContainer: resource is ContainerResource, isFirstOfProject));
        }
    }

    private PublishedPorts Of(EndpointAnnotation endpoint, bool isContainer, bool isFirstOfProject)
    {
        var target = endpoint.TargetPort ?? (isContainer ? endpoint.Port : null);
        if (target is null && !isFirstOfProject)
        {
            target = Allocate();
        }

        var port = endpoint.Port ?? target;
        Use(port);
        Use(target);
        return new(port == target ? null : port, target);
    }

    private int Allocate()
    {
        while (_used.Contains(_next))
        {
            _next++;
        }

        return _next++;
    }

    private void Use(int? port)
    {
        if (port is { } used)
        {
            _used.Add(used);
        }
    }
}
