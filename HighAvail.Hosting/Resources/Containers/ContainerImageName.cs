using System.Text.RegularExpressions;

namespace HighAvail.Hosting.Resources.Containers;

/// <summary>An image's name taken apart: <c>[registry[:port]/]path[:tag][@algorithm:digest]</c>.</summary>
/// <param name="Name">Registry and path.</param>
/// <param name="Tag">The tag, if there is one.</param>
/// <param name="Sha256">The digest, if there is one.</param>
internal sealed partial record ContainerImageName(string Name, string? Tag, string? Sha256)
{
    /// <exception cref="ArgumentOutOfRangeException">It is not the name of an image, or its digest is not SHA-256.</exception>
    internal static ContainerImageName Parse(string image)
    {
        var match = Pattern().Match(image);
        if (!match.Success)
        {
            throw new ArgumentOutOfRangeException(nameof(image), image, "invalid reference format: could not parse container image name");
        }

        if (match.Groups["algorithm"] is { Success: true, Value: not "sha256" })
        {
            throw new ArgumentOutOfRangeException(nameof(image), image, "invalid digest format");
        }

        return new(match.Groups["name"].Value, Optional("tag"), Optional("digest"));

        string? Optional(string group) => match.Groups[group] is { Success: true } found ? found.Value : null;
    }

    // The grammar of https://github.com/distribution/reference, without IPv6 registries.
    [GeneratedRegex(
        """
        \A(?<name>(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/)?
        [a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)
        (?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?
        (?:@(?<algorithm>[A-Za-z][A-Za-z0-9]*):(?<digest>[0-9a-fA-F]{32,}))?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
