using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Resources;

/// <summary>Finds the HTTP endpoint that a health check or a command asks.</summary>
internal static class HttpEndpoints
{
    /// <summary>The endpoint of a name, or else https, or else http.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint's name, if one was given.</param>
    /// <param name="purpose">What it is for, as the message says it.</param>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    internal static EndpointReference Choose(IResourceWithEndpoints resource, string? endpointName, string purpose)
    {
        string[] names = endpointName is null ? ["https", "http"] : [endpointName];
        return names.Select(name => new EndpointReference(resource, name)).FirstOrDefault(e => e.Exists) ?? throw new DistributedApplicationException(
            $"Could not create HTTP {purpose} for resource '{resource.Name}' as no endpoint was found matching one of the specified names: {string.Join(", ", names)}");
    }

    /// <exception cref="DistributedApplicationException">The endpoint is not one for HTTP.</exception>
    internal static EndpointReference Require(IResource resource, EndpointReference? endpoint, string purpose)
    {
        if (endpoint is null)
        {
            throw new DistributedApplicationException($"Could not create HTTP {purpose} for resource '{resource.Name}' as the endpoint selector returned null.");
        }

        return endpoint.IsHttp || endpoint.IsHttps ? endpoint : throw new DistributedApplicationException(
            $"Could not create HTTP {purpose} for resource '{resource.Name}' as the endpoint with name '{endpoint.EndpointName}' and scheme '{endpoint.Scheme}' is not an HTTP endpoint.");
    }
}
