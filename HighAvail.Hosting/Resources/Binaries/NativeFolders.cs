namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>Folders outside the app host's own.</summary>
/// <param name="Shared">Holds the data that a server's user cannot reach in the app host's folder.</param>
/// <param name="Cache">Holds what can be made again.</param>
internal sealed record NativeFolders(string Shared, string Cache)
{
    public static NativeFolders Machine { get; } = new("/var/lib/highavail", CacheOfMachine());

    private static string CacheOfMachine()
    {
        // A server's user cannot enter root's home.
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            return "/var/lib/highavail/cache";
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") switch
        {
            { Length: > 0 } configured => configured,
            _ when OperatingSystem.IsLinux() => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            _ => Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
        };
        return Path.Combine(cache, "highavail");
    }
}
