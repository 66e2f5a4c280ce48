using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Puts together the URLs of a resource that people are shown.</summary>
internal static class ResourceUrls
{
    /// <summary>Leaves one annotation per URL: of each endpoint, then what the app host added, after it was given the chance to change all.</summary>
    internal static async Task ProcessAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger logger, CancellationToken cancellationToken)
    {
        var described = resource.Annotations.OfType<ResourceUrlAnnotation>().ToArray();
        var endpoints = resource is IResourceWithEndpoints listening ? listening.GetEndpoints().Where(e => e.IsAllocated) : [];
        var context = new ResourceUrlsCallbackContext(
            executionContext, resource, [.. endpoints.Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e }), .. described], cancellationToken)
        {
            Logger = logger,
        };
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        foreach (var url in described)
        {
            resource.Annotations.Remove(url);
        }

        foreach (var url in context.Urls)
        {
            if (url.Endpoint is { IsAllocated: true } endpoint && url.Url.StartsWith('/'))
            {
                url.Url = endpoint.Url + url.Url;
            }

            resource.Annotations.Add(url);
        }
    }
}
