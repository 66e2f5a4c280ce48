using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Gives resources icons.</summary>
public static class IconBuilderExtensions
{
    /// <summary>Shows a resource with an icon of its own.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="iconName">A name out of Fluent UI's icons.</param>
    /// <param name="iconVariant">Outlined or filled.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithIconName<T>(this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(iconName);
        return builder.WithAnnotation(new ResourceIconAnnotation(iconName, iconVariant));
    }
}
