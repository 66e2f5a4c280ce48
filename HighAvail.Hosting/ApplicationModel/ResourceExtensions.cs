using System.Diagnostics.CodeAnalysis;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Questions about resources.</summary>
public static class ResourceExtensions
{
    /// <summary>The last annotation of a type, which is the one that counts.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="annotation">The annotation.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    /// <summary>All annotations of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="result">The annotations.</param>
    /// <returns>Whether there is any.</returns>
    public static bool TryGetAnnotationsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        var found = resource.Annotations.OfType<T>().ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether there is an annotation of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>Whether there is any.</returns>
    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation => resource.Annotations.Any(a => a is T);

    /// <summary>The endpoints as they are described.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>Whether there is any.</returns>
    public static bool TryGetEndpoints(this IResource resource, [NotNullWhen(true)] out IEnumerable<EndpointAnnotation>? endpoints) =>
        resource.TryGetAnnotationsOfType(out endpoints);

    /// <summary>What adds to the environment of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="environmentVariables">The callbacks.</param>
    /// <returns>Whether there is any.</returns>
    public static bool TryGetEnvironmentVariables(
        this IResource resource, [NotNullWhen(true)] out IEnumerable<EnvironmentCallbackAnnotation>? environmentVariables) =>
        resource.TryGetAnnotationsOfType(out environmentVariables);

    /// <summary>The URLs of a resource that people are shown.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="urls">The URLs.</param>
    /// <returns>Whether there is any.</returns>
    public static bool TryGetUrls(this IResource resource, [NotNullWhen(true)] out IEnumerable<ResourceUrlAnnotation>? urls) =>
        resource.TryGetAnnotationsOfType(out urls);

    /// <summary>The environment of a resource: values when it is run, expressions when it is published.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">For what it is asked.</param>
    /// <returns>Names and values.</returns>
    /// <exception cref="DistributedApplicationException">A value is not there and must be.</exception>
    public static async ValueTask<Dictionary<string, string>> GetEnvironmentVariableValuesAsync(
        this IResourceWithEnvironment resource, DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run) =>
        await ProcessEnvironment.EvaluateAsync(resource, ProcessEnvironment.Outside(resource, applicationOperation), NullLogger.Instance, CancellationToken.None)
            .ConfigureAwait(false);

    /// <summary>The arguments of a resource: values when it is run, expressions when it is published.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">For what it is asked.</param>
    /// <returns>The arguments in order.</returns>
    /// <exception cref="DistributedApplicationException">A value is not there and must be.</exception>
    public static async ValueTask<string[]> GetArgumentValuesAsync(
        this IResourceWithArgs resource, DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run) =>
        [.. await ProcessEnvironment.ArgumentsAsync(resource, ProcessEnvironment.Outside(resource, applicationOperation), NullLogger.Instance, CancellationToken.None)
            .ConfigureAwait(false)];

    /// <summary>The endpoints of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="contextNetworkID">The network to see them from; that of whoever asks if left out.</param>
    /// <returns>References to all of them.</returns>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource, NetworkIdentifier? contextNetworkID = null) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(e => new EndpointReference(resource, e, contextNetworkID)).ToArray();

    /// <summary>An endpoint by name, which may be described later.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="contextNetworkID">The network to see it from; that of whoever asks if left out.</param>
    /// <returns>The reference.</returns>
    public static EndpointReference GetEndpoint(
        this IResourceWithEndpoints resource, string endpointName, NetworkIdentifier? contextNetworkID = null) => new(resource, endpointName, contextNetworkID);

    /// <summary>How many replicas of a resource are wanted.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>1 unless said otherwise.</returns>
    public static int GetReplicaCount(this IResource resource) => resource.TryGetLastAnnotation<ReplicaAnnotation>(out var replicas) ? replicas.Replicas : 1;

    /// <summary>The path of a project's file.</summary>
    /// <param name="projectResource">The project.</param>
    /// <returns>The metadata that the build wrote.</returns>
    /// <exception cref="InvalidOperationException">The resource was added without metadata.</exception>
    public static IProjectMetadata GetProjectMetadata(this ProjectResource projectResource) =>
        projectResource.Annotations.OfType<IProjectMetadata>().ToArray() switch
        {
            [var metadata] => metadata,
            [] => throw new InvalidOperationException($"The project resource '{projectResource.Name}' has no annotation of type {nameof(IProjectMetadata)}."),
            _ => throw new InvalidOperationException($"The project resource '{projectResource.Name}' has more than one annotation of type {nameof(IProjectMetadata)}."),
        };
}
