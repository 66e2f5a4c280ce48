namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>Where programs are looked for: the PATH and the root of the file system, so that tests can bring their own.</summary>
internal sealed record SearchScope(string PathVariable, string Root)
{
    public static SearchScope Machine { get; } =
        new(Environment.GetEnvironmentVariable("PATH") ?? "", Path.GetPathRoot(AppContext.BaseDirectory)!);

    public IEnumerable<string> PathDirectories =>
        PathVariable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The existing folders a pattern stands for; its one segment with a star is expanded, the highest version first.</summary>
    public IEnumerable<string> Expand(string pattern)
    {
        var segments = pattern.Split('/');
        var starred = Array.FindIndex(segments, segment => segment.Contains('*'));
        if (starred < 0)
        {
            return new[] { Path.Combine([Root, .. segments]) }.Where(Directory.Exists);
        }

        var parent = Path.Combine([Root, .. segments[..starred]]);
        return !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent, segments[starred])
                .OrderByDescending(VersionOf)
                .Select(directory => Path.Combine([directory, .. segments[(starred + 1)..]]))
                .Where(Directory.Exists);
    }

    public string Describe(string pattern) => Path.Combine([Root, .. pattern.Split('/')]);

    private static Version VersionOf(string directory)
    {
        var digits = Path.GetFileName(directory).AsSpan().TrimStart("postgresql-@");
        return Version.TryParse(digits.Contains('.') ? digits : $"{digits}.0", out var version) ? version : new Version();
    }
}
