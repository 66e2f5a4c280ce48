using System.Runtime.CompilerServices;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources.Containers;

namespace HighAvail.Hosting;

/// <summary>Adds what is published as a container.</summary>
public static class ContainerBuilderExtensions
{
    /// <summary>Adds a container. It is for publishing: on this machine it fails to start, and says what to do.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="image">The image's name; its tag is <c>latest</c> unless it names one.</param>
    /// <returns>The container.</returns>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(image);
        return builder.AddResource(new ContainerResource(name)).WithImage(image);
    }

    /// <summary>Adds a container. It is for publishing: on this machine it fails to start, and says what to do.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="image">The image's name.</param>
    /// <param name="tag">The image's tag.</param>
    /// <returns>The container.</returns>
    public static IResourceBuilder<ContainerResource> AddContainer(
        this IDistributedApplicationBuilder builder, string name, string image, string tag) => builder.AddContainer(name, image).WithImageTag(tag);

    /// <summary>Says which image a container is made of.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="image">The image's name, which may contain registry, tag or digest.</param>
    /// <param name="tag">The tag; <c>latest</c> unless given here or in <paramref name="image"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">Both name a tag.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The name is not one of an image, or it has a digest and a tag is given.</exception>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(image);
        var parsed = ContainerImageName.Parse(image);
        if (tag is not null && parsed.Tag is not null)
        {
            throw new InvalidOperationException("Ambiguous tags - a tag was provided on both the 'tag' and 'image' parameters");
        }

        if (tag is not null && parsed.Sha256 is not null)
        {
            throw new ArgumentOutOfRangeException(nameof(tag), "Tag conflicts with digest provided on the 'image' parameter");
        }

        if (!builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var annotation))
        {
            annotation = new() { Image = parsed.Name };
            builder.Resource.Annotations.Add(annotation);
        }

        annotation.Image = parsed.Name;
        if (parsed.Sha256 is not null)
        {
            annotation.SHA256 = parsed.Sha256;
        }
        else
        {
            annotation.Tag = parsed.Tag ?? tag ?? "latest";
        }

        return builder;
    }

    /// <summary>Changes the tag of a container's image.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The resource has no image.</exception>
    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(tag);
        Image(builder).Tag = tag;
        return builder;
    }

    /// <summary>Changes the registry of a container's image.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="registry">The registry; <see langword="null"/> is the engine's default.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The resource has no image.</exception>
    public static IResourceBuilder<T> WithImageRegistry<T>(this IResourceBuilder<T> builder, string? registry)
        where T : ContainerResource
    {
        Image(builder).Registry = registry;
        return builder;
    }

    /// <summary>Names a container's image by its digest.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="sha256">The digest in hexadecimal digits.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The resource has no image.</exception>
    public static IResourceBuilder<T> WithImageSHA256<T>(this IResourceBuilder<T> builder, string sha256)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(sha256);
        Image(builder).SHA256 = sha256;
        return builder;
    }

    /// <summary>Changes what a container starts.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="entrypoint">What it starts instead of its image's own entry point.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEntrypoint<T>(this IResourceBuilder<T> builder, string entrypoint)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(entrypoint);
        builder.Resource.Entrypoint = entrypoint;
        return builder;
    }

    /// <summary>Lets a container see a folder or file of the machine.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="source">The folder or file, relative to the app host's folder.</param>
    /// <param name="target">The path in the container.</param>
    /// <param name="isReadOnly">Whether the container cannot write to it.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var path = Path.IsPathRooted(source) ? source : Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory);
        return builder.WithAnnotation(new ContainerMountAnnotation(path, target, ContainerMountType.BindMount, isReadOnly));
    }

    /// <summary>Gives a container storage that outlives it.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="name">The volume's name; <see langword="null"/> for an anonymous one.</param>
    /// <param name="target">The path in the container.</param>
    /// <param name="isReadOnly">Whether the container cannot write to it.</param>
    /// <returns>The same builder.</returns>
    [OverloadResolutionPriority(1)]
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));
    }

    /// <summary>Gives a container anonymous storage.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="target">The path in the container.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string target)
        where T : ContainerResource => builder.WithVolume(null, target);

    /// <summary>Says how long the container would live; see <see cref="ContainerLifetimeAnnotation"/>.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="lifetime">How long.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ContainerLifetimeAnnotation { Lifetime = lifetime }, ResourceAnnotationMutationBehavior.Replace);
    }

    private static ContainerImageAnnotation Image<T>(IResourceBuilder<T> builder)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image)
            ? image
            : throw new InvalidOperationException(
                $"The resource '{builder.Resource.Name}' does not have a container image specified. Use WithImage to specify the container image and tag.");
    }
}
