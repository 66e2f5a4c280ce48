using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Says what the host puts into a project's environment by itself.</summary>
public static class ProjectEnvironmentExtensions
{
    /// <summary>Leaves endpoints out of the addresses that a project is told to listen on, such as one that it opens itself.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="filter">Whether an endpoint stays in.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<ProjectResource> WithEndpointsInEnvironment(
        this IResourceBuilder<ProjectResource> builder, Func<EndpointAnnotation, bool> filter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(filter);
        return builder.WithAnnotation(new EndpointEnvironmentFilter(filter));
    }

    /// <summary>Leaves out <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> when the project is published.</summary>
    /// <param name="builder">The project.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new DisableForwardedHeadersAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>The endpoints that ASP.NET Core is told to listen on.</summary>
    internal static EndpointReference[] EndpointsToListenOn(this ProjectResource project)
    {
        var filters = project.Annotations.OfType<EndpointEnvironmentFilter>().ToArray();
        return
        [
            .. project.GetEndpoints().Where(e => (e.IsHttp || e.IsHttps)
                && e.EndpointAnnotation.TargetPortEnvironmentVariable is null
                && Array.TrueForAll(filters, f => f.Includes(e.EndpointAnnotation))),
        ];
    }

    private sealed record EndpointEnvironmentFilter(Func<EndpointAnnotation, bool> Includes) : IResourceAnnotation;
}

/// <summary>A published project does not read the headers that proxies add.</summary>
internal sealed class DisableForwardedHeadersAnnotation : IResourceAnnotation
{
}
