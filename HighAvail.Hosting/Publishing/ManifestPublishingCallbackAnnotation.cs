using HighAvail.Hosting.Publishing;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Writes a resource to the manifest in its own way.</summary>
public class ManifestPublishingCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Writes the resource.</summary>
    /// <param name="callback">Writes the members of its object; <see langword="null"/> leaves the resource out.</param>
    public ManifestPublishingCallbackAnnotation(Action<ManifestPublishingContext>? callback)
    {
        if (callback is not null)
        {
            Callback = context =>
            {
                callback(context);
                return Task.CompletedTask;
            };
        }
    }

    /// <summary>Writes the resource.</summary>
    /// <param name="callback">Writes the members of its object; <see langword="null"/> leaves the resource out.</param>
    public ManifestPublishingCallbackAnnotation(Func<ManifestPublishingContext, Task>? callback) => Callback = callback;

    /// <summary>Leaves the resource out.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new((Func<ManifestPublishingContext, Task>?)null);

    /// <summary>Writes the members of the resource's object; <see langword="null"/> leaves the resource out.</summary>
    public Func<ManifestPublishingContext, Task>? Callback { get; }
}
