namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The snapshot that a resource begins with.</summary>
/// <param name="initialSnapshot">The snapshot.</param>
public sealed class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The snapshot.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}
