using System.Globalization;

namespace HighAvail.Hosting.Networking;

/// <summary>Finds out which process listens on a port, for messages about ports that are taken.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>The process as <c>name (process 123)</c>, or <see langword="null"/> where it cannot be told: another user's, or not on Linux.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var sockets = Inodes("/proc/net/tcp", port)
                .Concat(Inodes("/proc/net/tcp6", port))
                .Select(inode => $"socket:[{inode}]")
                .ToHashSet();
            return Directory.EnumerateDirectories("/proc")
                .Select(folder => Describe(folder, sockets))
                .FirstOrDefault(owner => owner is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Fields (proc_pid_net(5)): sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode
    private static IEnumerable<string> Inodes(string table, int port)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return File.Exists(table)
            ? File.ReadLines(table)
                .Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                .Select(fields => fields[9])
            : [];
    }

    private static string? Describe(string folder, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd"))
                .Any(link => new FileInfo(link).LinkTarget is { } target && sockets.Contains(target))
                ? $"{File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd()} (process {id})"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to someone else.
            return null;
        }
    }
}
