namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A state of a resource or replica that was published.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The resource's name, or the replica's.</param>
/// <param name="snapshot">The state.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The resource's name, or the replica's.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>The state.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;

    /// <summary>Whether this is the last that is told of a replica, because there is no such replica any more.</summary>
    internal bool IsRemoved { get; init; }
}
