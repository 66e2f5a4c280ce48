using System.Diagnostics.CodeAnalysis;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Questions about containers.</summary>
public static class ContainerResourceExtensions
{
    /// <summary>Everything that is made of a container image.</summary>
    /// <param name="model">The application.</param>
    /// <returns>The resources, in the order in which they were added.</returns>
    public static IEnumerable<IResource> GetContainerResources(this DistributedApplicationModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Resources.Where(IsContainer);
    }

    /// <summary>Whether a resource is made of a container image.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Whether it has one.</returns>
    public static bool IsContainer(this IResource resource) => resource.HasAnnotationOfType<ContainerImageAnnotation>();

    /// <summary>The whole name of the image that a resource is made of.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="imageName">Registry, name and tag or digest.</param>
    /// <returns>Whether it has an image.</returns>
    public static bool TryGetContainerImageName(this IResource resource, [NotNullWhen(true)] out string? imageName)
    {
        imageName = resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) ? image.FullName : null;
        return imageName is not null;
    }
}
