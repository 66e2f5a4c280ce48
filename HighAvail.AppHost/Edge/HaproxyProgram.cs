namespace HighAvail.AppHost.Edge;

/// <summary>Finds HAProxy before anything is started.</summary>
internal static class HaproxyProgram
{
    // Where distributions put it, and where an ordinary user's PATH does not lead.
    private static readonly string[] _usualFolders = ["/usr/sbin", "/usr/local/sbin"];

    public static string Find() => Find([.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), .. _usualFolders]);

    /// <exception cref="DistributedApplicationException">It is in none of the folders.</exception>
    public static string Find(IEnumerable<string> folders) =>
        folders.Where(folder => folder.Length > 0).Select(folder => Path.GetFullPath("haproxy", Path.GetFullPath(folder))).FirstOrDefault(File.Exists)
        ?? throw new DistributedApplicationException(
            "'--edge haproxy' needs HAProxy, 2.4 or newer, which is neither in PATH nor in " + string.Join(" or ", _usualFolders)
            + ". Install it (Debian, Ubuntu: sudo apt-get install haproxy; macOS: brew install haproxy), or start without --edge.");
}
