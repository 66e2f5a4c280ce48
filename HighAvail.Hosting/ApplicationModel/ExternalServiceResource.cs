using System.Diagnostics.CodeAnalysis;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A service that others run, known by its URL.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>Describes a service whose URL is known.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="uri">The URL: absolute, with a path that ends with a slash, and with neither query nor fragment.</param>
    /// <exception cref="ArgumentException">The URL is not of this form.</exception>
    public ExternalServiceResource(string name, Uri uri)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Uri = Problem(uri) is { } problem ? throw new ArgumentException(problem, nameof(uri)) : uri;
    }

    /// <summary>Describes a service whose URL is a parameter's value.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="urlParameter">The parameter.</param>
    public ExternalServiceResource(string name, ParameterResource urlParameter)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(urlParameter);
        UrlParameter = urlParameter;
    }

    /// <summary>The URL, unless it is a parameter's value.</summary>
    public Uri? Uri { get; }

    /// <summary>The parameter that has the URL, if one does.</summary>
    public ParameterResource? UrlParameter { get; }

    internal static bool UrlIsValidForExternalService(
        [NotNullWhen(true)] string? url, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? message)
    {
        message = Uri.TryCreate(url, UriKind.Absolute, out uri) ? Problem(uri) : NotAbsolute;
        uri = message is null ? uri : null;
        return uri is not null;
    }

    private const string NotAbsolute = "The URL for the external service must be an absolute URI.";

    // Relative addresses are looked up under the URL, which works only for one that is a folder.
    private static string? Problem(Uri uri)
    {
        if (!uri.IsAbsoluteUri)
        {
            return NotAbsolute;
        }

        if (!uri.AbsolutePath.EndsWith('/'))
        {
            return "The URL absolute path must end with '/'.";
        }

        if (uri.OriginalString.Contains('#', StringComparison.Ordinal))
        {
            return "The URL must not contain a fragment.";
        }

        return uri.Query.Length > 0 ? "The URL must not contain a query string." : null;
    }
}
