namespace HighAvail.Hosting.Resources;

/// <summary>The names of the variables by which a reference reaches a process.</summary>
internal static class EnvironmentVariableNames
{
    /// <summary>
    /// Each character other than an ASCII letter or digit becomes an underscore, and a leading digit gets one before it, so that every shell
    /// accepts the name.
    /// </summary>
    internal static string Encode(string name)
    {
        var encoded = string.Create(name.Length, name, (characters, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                characters[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
            }
        });
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? $"_{encoded}" : encoded;
    }

    /// <summary><c>USERS_HTTPS</c>; a name that the app host chose keeps its case.</summary>
    internal static string ForEndpoint(string resource, string? chosen, string endpoint) =>
        $"{Encode(chosen ?? resource.ToUpperInvariant())}_{Encode(endpoint).ToUpperInvariant()}";

    /// <summary><c>ORDERSDB_HOST</c></summary>
    internal static string ForProperty(string resource, string property) => $"{Encode(resource)}_{Encode(property)}".ToUpperInvariant();
}
