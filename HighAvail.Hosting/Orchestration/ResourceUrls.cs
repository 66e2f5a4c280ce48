using System.Collections.Concurrent;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Puts together the URLs of resources that people are shown.</summary>
internal sealed class ResourceUrls(
    DistributedApplicationExecutionContext executionContext,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    Func<IResource, bool> isProcess)
{
    private readonly ConcurrentDictionary<IResource, bool> _processed = [];

    /// <summary>Publishes what the app host said about URLs before anything is known of endpoints. Replicas publish theirs themselves.</summary>
    internal Task PublishDescribedAsync(IResource resource) =>
        PublishAsync(resource, [.. resource.Annotations.OfType<ResourceUrlAnnotation>().Where(u => u.Endpoint is null)]);

    /// <summary>Leaves one annotation per URL: of each endpoint, then what the app host added, after it was given the chance to change all.</summary>
    internal async Task ProcessAsync(IResource resource, CancellationToken cancellationToken)
    {
        // A resource may say more than once that its endpoints are there; what callbacks added is in the annotations since the first time.
        if (!_processed.TryAdd(resource, true))
        {
            return;
        }

        var described = resource.Annotations.OfType<ResourceUrlAnnotation>().ToArray();
        var endpoints = resource is IResourceWithEndpoints listening ? listening.GetEndpoints().Where(e => e.IsAllocated) : [];
        var context = new ResourceUrlsCallbackContext(executionContext, resource, [.. endpoints.SelectMany(UrlsOf), .. described], cancellationToken)
        {
            Logger = loggers.GetLogger(resource),
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

        await PublishAsync(resource, context.Urls).ConfigureAwait(false);
    }

    private static IEnumerable<ResourceUrlAnnotation> UrlsOf(EndpointReference endpoint)
    {
        var isNamed = LoopbackAddresses.IsNameUnderLocalhost(endpoint.EndpointAnnotation.TargetHost);
        if (isNamed)
        {
            yield return new() { Url = $"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Port}", Endpoint = endpoint };
        }

        yield return new()
        {
            Url = endpoint.Url,
            Endpoint = endpoint,
            DisplayLocation = isNamed ? UrlDisplayLocation.DetailsOnly : UrlDisplayLocation.SummaryAndDetails,
        };
    }

    private async Task PublishAsync(IResource resource, List<ResourceUrlAnnotation> urls)
    {
        if (urls.Count > 0 && !isProcess(resource))
        {
            await notifications.PublishUpdateAsync(resource, s => s with
            {
                Urls =
                [
                    .. urls.Select(u => new UrlSnapshot(u.Endpoint?.EndpointName, u.Url, u.DisplayLocation == UrlDisplayLocation.DetailsOnly)
                    {
                        // Whoever is behind an endpoint says itself when it listens.
                        IsInactive = u.Endpoint is not null,
                        DisplayProperties = new(u.DisplayText ?? string.Empty, u.DisplayOrder ?? 0),
                    }),
                ],
            }).ConfigureAwait(false);
        }
    }
}
