using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>An address of a resource, for people to follow.</summary>
[DebuggerDisplay("Url = {Url}, DisplayText = {DisplayText}")]
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL; one that begins with <c>/</c> is relative to the endpoint's.</summary>
    public required string Url { get; set; }

    /// <summary>What people see; the URL unless set.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to, if it does.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Those with higher numbers come first.</summary>
    public int? DisplayOrder { get; set; }

    /// <summary>Where people see it.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }

    internal ResourceUrlAnnotation WithEndpoint(EndpointReference endpoint) => new()
    {
        Url = Url,
        DisplayText = DisplayText,
        Endpoint = endpoint,
        DisplayOrder = DisplayOrder,
        DisplayLocation = DisplayLocation,
    };
}

/// <summary>Where people see a URL.</summary>
public enum UrlDisplayLocation
{
    /// <summary>Everywhere.</summary>
    SummaryAndDetails,

    /// <summary>Only where everything about the resource is shown.</summary>
    DetailsOnly,
}

/// <summary>Adds or changes the URLs of a resource, once its endpoints are allocated.</summary>
/// <param name="callback">Is given the URLs so far.</param>
public sealed class ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Adds or changes URLs.</summary>
    /// <param name="callback">Is given the URLs so far.</param>
    public ResourceUrlsCallbackAnnotation(Action<ResourceUrlsCallbackContext> callback)
        : this(context =>
        {
            callback(context);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Adds or changes URLs.</summary>
    public Func<ResourceUrlsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The URLs of a resource while they are put together.</summary>
/// <param name="executionContext">The mode in which the application runs.</param>
/// <param name="resource">The resource.</param>
/// <param name="urls">The URLs so far.</param>
/// <param name="cancellationToken">Ends the work.</param>
public class ResourceUrlsCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    List<ResourceUrlAnnotation>? urls = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The URLs so far: those of the endpoints first.</summary>
    public List<ResourceUrlAnnotation> Urls { get; } = urls ?? [];

    /// <summary>Ends the work.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The log of the resource.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The mode in which the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>An endpoint of the resource.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The endpoint, or <see langword="null"/> when the resource has none of this name.</returns>
    public EndpointReference? GetEndpoint(string name) =>
        (Resource as IResourceWithEndpoints)?.GetEndpoints().FirstOrDefault(e => string.Equals(e.EndpointName, name, StringComparison.OrdinalIgnoreCase));
}
