using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;

namespace HighAvail.Hosting;

/// <summary>Says what a server that is published as a container, unless said otherwise, is published as.</summary>
public static class ContainerPublishingExtensions
{
    /// <summary>Publishes it as a container, whatever was said before.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> PublishAsContainer<T>(this IResourceBuilder<T> builder)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithManifestPublishingCallback(context => context.WriteContainerAsync(builder.Resource));
    }

    /// <summary>Publishes it as a connection string that whoever deploys has to give: the server is there already.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The server.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> PublishAsConnectionString<T>(this IResourceBuilder<T> builder)
        where T : ContainerResource, IResourceWithConnectionString
    {
        ArgumentNullException.ThrowIfNull(builder);
        var given = new ParameterResource(builder.Resource.Name, _ => string.Empty, secret: true) { IsConnectionString = true };
        return builder.WithManifestPublishingCallback(context => ManifestParameters.WriteAsync(context, given));
    }
}
