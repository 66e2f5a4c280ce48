using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A part of a connection that the app host added, or changed, itself.</summary>
/// <param name="name">The part, such as <c>Host</c>.</param>
/// <param name="valueExpression">Its value.</param>
[DebuggerDisplay("{Name} = {ValueExpression}")]
public sealed class ConnectionPropertyAnnotation(string name, ReferenceExpression valueExpression) : IResourceAnnotation
{
    /// <summary>The part, such as <c>Host</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Its value.</summary>
    public ReferenceExpression ValueExpression { get; } = valueExpression;
}

/// <summary>Questions about the parts of connections.</summary>
public static class ConnectionPropertiesExtensions
{
    /// <summary>The parts of a resource's connection, followed by others that count more.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="additional">The others.</param>
    /// <returns>All; of two with the same name the later counts.</returns>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> CombineProperties(
        this IResourceWithConnectionString resource, IEnumerable<KeyValuePair<string, ReferenceExpression>> additional)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.GetConnectionProperties().Concat(additional);
    }

    internal static IEnumerable<KeyValuePair<string, ReferenceExpression>> AllConnectionProperties(this IResourceWithConnectionString resource) =>
        resource.CombineProperties(resource.Annotations.OfType<ConnectionPropertyAnnotation>().Select(p => KeyValuePair.Create(p.Name, p.ValueExpression)));
}
