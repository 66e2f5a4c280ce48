using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The icon of a resource; of several the last counts.</summary>
/// <param name="iconName">A name out of Fluent UI's icons.</param>
/// <param name="iconVariant">Outlined or filled.</param>
[DebuggerDisplay("{IconName} ({IconVariant})")]
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>A name out of Fluent UI's icons.</summary>
    public string IconName { get; } = iconName;

    /// <summary>Outlined or filled.</summary>
    public IconVariant IconVariant { get; } = iconVariant;

    /// <summary>The snapshot with the icon of its resource, unless it has one of its own.</summary>
    internal static CustomResourceSnapshot Complete(CustomResourceSnapshot snapshot, IResource resource) =>
        snapshot.IconName is null && resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon)
            ? snapshot with { IconName = icon.IconName, IconVariant = icon.IconVariant }
            : snapshot;
}
