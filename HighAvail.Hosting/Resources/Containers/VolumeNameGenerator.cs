using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Names volumes.</summary>
public static class VolumeNameGenerator
{
    /// <summary>
    /// A name for a volume: <c>{application}-{hash}-{resource}-{suffix}</c>. The hash keeps apart what would otherwise share data: app hosts
    /// of the same name.
    /// </summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="suffix">What the volume is for, such as <c>data</c>.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The suffix has characters that names of volumes must not have.</exception>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(suffix);
        if (Sanitize(suffix) != suffix)
        {
            throw new ArgumentException($"The suffix '{suffix}' contains invalid characters. It must match [a-zA-Z0-9][a-zA-Z0-9_.-]*.", nameof(suffix));
        }

        var application = builder.ApplicationBuilder;
#pragma warning disable CA1308 // Names of volumes are in lower case by convention.
        var name = Sanitize(application.Environment.ApplicationName).ToLowerInvariant();
        var hash = application.Configuration[AppHostIdentity.Sha256]![..10].ToLowerInvariant();
#pragma warning restore CA1308
        return $"{name}-{hash}-{builder.Resource.Name}-{suffix}";
    }

    internal static string Sanitize(string name) => string.Create(name.Length, name, (characters, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            characters[i] = char.IsAsciiLetterOrDigit(source[i]) || (i > 0 && source[i] is '_' or '.' or '-') ? source[i] : '_';
        }
    });
}
