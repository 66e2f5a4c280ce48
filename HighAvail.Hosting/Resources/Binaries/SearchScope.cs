namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>Where programs are looked for: the PATH and the root of the file system, so that tests can bring their own.</summary>
internal sealed record SearchScope(string PathVariable, string Root)
{
    public static SearchScope Machine { get; } =
        new(Environment.GetEnvironmentVariable("PATH") ?? "", Path.GetPathRoot(AppContext.BaseDirectory)!);

    public IEnumerable<string> PathDirectories =>
        PathVariable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
