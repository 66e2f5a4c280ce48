using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting;

/// <summary>Says when a resource is healthy.</summary>
public static class HealthCheckBuilderExtensions
{
    /// <summary>Makes a resource as healthy as a check that is registered with the app host's services.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="key">The name under which the check is registered.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">The resource has this check already.</exception>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(h => h.Key == key))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.");
        }

        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Makes a resource healthy when it answers an HTTP request. Each replica is asked directly.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path and query; <c>/</c> unless given.</param>
    /// <param name="statusCode">The status that means healthy; 200 unless given.</param>
    /// <param name="endpointName">The endpoint to ask; https, or else http, unless given.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">There is no such HTTP endpoint.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpHealthCheck(() => HttpEndpoints.Choose(builder.Resource, endpointName, "health check"), path, statusCode);
    }

    /// <summary>Makes a resource healthy when it answers an HTTP request. Each replica is asked directly.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointSelector">Chooses the endpoint to ask, one of the resource's own; https, or else http, unless given.</param>
    /// <param name="path">Path and query; <c>/</c> unless given.</param>
    /// <param name="statusCode">The status that means healthy; 200 unless given.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">There is no such HTTP endpoint.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, Func<EndpointReference>? endpointSelector, string? path = null, int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        path ??= "/";
        var expected = statusCode ?? 200;
        var endpoint = HttpEndpoints.Require(
            builder.Resource,
            endpointSelector is null ? HttpEndpoints.Choose(builder.Resource, null, "health check") : endpointSelector(),
            "health check");
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new(
            key, services => new HttpHealthCheck(services, endpoint, path, expected), HealthStatus.Unhealthy, []));
        return builder.WithHealthCheck(key).WithAnnotation(new HttpProbeAnnotation(key, endpoint, path, expected));
    }
}
