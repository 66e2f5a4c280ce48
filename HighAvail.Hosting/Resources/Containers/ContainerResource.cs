namespace HighAvail.Hosting.ApplicationModel;

/// <summary>
/// A program that is published as a container. On this machine it runs only if it can also run as a plain process, as Postgres and Redis can.
/// </summary>
/// <param name="name">The resource's name.</param>
/// <param name="entrypoint">What the container starts instead of its image's own entry point.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes
{
    /// <summary>What the container starts instead of its image's own entry point.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
