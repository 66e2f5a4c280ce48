using HighAvail.Hosting.Eventing;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Before anything starts; the model can still be changed.</summary>
/// <param name="services">The app host's services.</param>
/// <param name="model">The model.</param>
public class BeforeStartEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>After the host allocated the endpoints of all that it runs.</summary>
/// <param name="services">The app host's services.</param>
/// <param name="model">The model.</param>
[Obsolete("Subscribe to ResourceEndpointsAllocatedEvent, which says of which resource.")]
public class AfterEndpointsAllocatedEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>Before the application is published.</summary>
/// <param name="services">The app host's services.</param>
/// <param name="model">The model.</param>
public class BeforePublishEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>After the application was published.</summary>
/// <param name="services">The app host's services.</param>
/// <param name="model">The model.</param>
public class AfterPublishEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>After the start of every resource was set in motion.</summary>
/// <param name="services">The app host's services.</param>
/// <param name="model">The model.</param>
public class AfterResourcesCreatedEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>When a resource enters the running application. What runs neither as a process nor by the host itself begins its own life here.</summary>
/// <param name="resource">The resource.</param>
/// <param name="eventing">Publishes further events.</param>
/// <param name="logger">The log of the resource.</param>
/// <param name="notifications">Publishes its states.</param>
/// <param name="services">The app host's services.</param>
public class InitializeResourceEvent(
    IResource resource,
    IDistributedApplicationEventing eventing,
    Microsoft.Extensions.Logging.ILogger logger,
    ResourceNotificationService notifications,
    IServiceProvider services) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>Publishes further events.</summary>
    public IDistributedApplicationEventing Eventing { get; } = eventing;

    /// <summary>The log of the resource.</summary>
    public Microsoft.Extensions.Logging.ILogger Logger { get; } = logger;

    /// <summary>Publishes its states.</summary>
    public ResourceNotificationService Notifications { get; } = notifications;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;
}

/// <summary>When the stable addresses of a resource are known.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The app host's services.</param>
public class ResourceEndpointsAllocatedEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;
}

/// <summary>When the connection string of a resource is known.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The app host's services.</param>
public class ConnectionStringAvailableEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;
}

/// <summary>After the waits of a resource, just before its first replica starts.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The app host's services.</param>
public class BeforeResourceStartedEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;
}

/// <summary>When a resource is running and healthy for the first time. Those that wait for it go on after its subscribers have run.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The app host's services.</param>
public class ResourceReadyEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;
}

/// <summary>When a resource has stopped.</summary>
/// <param name="resource">The resource.</param>
/// <param name="services">The app host's services.</param>
/// <param name="resourceEvent">Its last state.</param>
public class ResourceStoppedEvent(IResource resource, IServiceProvider services, ResourceEvent resourceEvent) : IDistributedApplicationResourceEvent
{
    /// <inheritdoc />
    public IResource Resource { get; } = resource;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>Its last state.</summary>
    public ResourceEvent ResourceEvent { get; } = resourceEvent;
}
