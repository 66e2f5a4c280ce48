using System.Globalization;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>
/// The lock file that a killed server leaves behind. Postgres clears it by itself unless a process with the noted id lives, which after
/// a reboot, or in a container, may be any other process of the same user; the server would then refuse to start for ever.
/// </summary>
internal static class PostmasterLock
{
    public static void RemoveIfStale(string dataDirectory)
    {
        var file = Path.Combine(dataDirectory, "postmaster.pid");
        if (!OperatingSystem.IsLinux() || !File.Exists(file))
        {
            return;
        }

        // Every process of a server works in its data folder, so one that does not is none of its. While any does, Postgres must judge.
        var noted = File.ReadLines(file).FirstOrDefault();
        if (int.TryParse(noted, CultureInfo.InvariantCulture, out var processId)
            && Directory.Exists($"/proc/{processId}")
            && !Directory.EnumerateDirectories("/proc").Any(process => WorksIn(process, dataDirectory)))
        {
            File.Delete(file);
        }
    }

    private static bool WorksIn(string process, string directory)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(process)[0]) && new DirectoryInfo($"{process}/cwd").LinkTarget == directory;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to someone else: Postgres never takes another user's process for its own.
            return false;
        }
    }
}
