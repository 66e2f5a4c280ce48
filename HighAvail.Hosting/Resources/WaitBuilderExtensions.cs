using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Says what must be there before a resource starts.</summary>
public static class WaitBuilderExtensions
{
    /// <summary>Waits until another resource is running and healthy.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource that waits.</param>
    /// <param name="dependency">The resource it waits for; of a database its server too.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">It would wait for itself or for its own parent.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.AddWait(dependency, WaitType.WaitUntilHealthy, null, 0);

    /// <summary>Waits until another resource is running and healthy.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource that waits.</param>
    /// <param name="dependency">The resource it waits for; of a database its server too.</param>
    /// <param name="waitBehavior">What to do when it failed or ended.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">It would wait for itself or for its own parent.</exception>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.AddWait(dependency, WaitType.WaitUntilHealthy, waitBehavior, 0);

    /// <summary>Waits until another resource is running, healthy or not.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource that waits.</param>
    /// <param name="dependency">The resource it waits for.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">It would wait for itself or for its own parent.</exception>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.AddWait(dependency, WaitType.WaitUntilStarted, null, 0);

    /// <summary>Waits until another resource is running, healthy or not.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource that waits.</param>
    /// <param name="dependency">The resource it waits for.</param>
    /// <param name="waitBehavior">What to do when it failed or ended.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">It would wait for itself or for its own parent.</exception>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.AddWait(dependency, WaitType.WaitUntilStarted, waitBehavior, 0);

    /// <summary>Waits until another resource has ended.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource that waits.</param>
    /// <param name="dependency">The resource it waits for.</param>
    /// <param name="exitCode">The exit code that it must end with.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">It would wait for itself or for its own parent.</exception>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.AddWait(dependency, WaitType.WaitForCompletion, null, exitCode);

    private static IResourceBuilder<T> AddWait<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitType type, WaitBehavior? behavior, int exitCode)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);

        var (waiting, awaited) = (builder.Resource, dependency.Resource);
        if (waiting as IResource == awaited)
        {
            throw new DistributedApplicationException($"The '{waiting.Name}' resource cannot wait for itself.");
        }

        if (waiting is IResourceWithParent { Parent: { } parent } && parent == awaited)
        {
            throw new DistributedApplicationException($"The '{waiting.Name}' resource cannot wait for its parent '{awaited.Name}'.");
        }

        // A child such as a database is only as far as its parent is.
        if (awaited is IResourceWithParent { Parent: { } owner } && type != WaitType.WaitForCompletion && owner != (IResource)waiting)
        {
            builder = builder.AddWait(builder.ApplicationBuilder.CreateResourceBuilder(owner), type, behavior, 0);
        }

        if (waiting.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource == awaited && w.WaitType == type && w.WaitBehavior == behavior))
        {
            return builder;
        }

        return builder.WithRelationship(awaited, KnownRelationshipTypes.WaitFor)
            .WithAnnotation(new WaitAnnotation(awaited, type, exitCode) { WaitBehavior = behavior });
    }
}
