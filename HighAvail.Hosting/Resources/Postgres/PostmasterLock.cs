using System.Diagnostics;
using System.Globalization;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>
/// The lock file that a killed server leaves behind. Postgres clears it by itself unless a process with the noted id lives, which after
/// a reboot, or in a container, may be any other process of the same user; the server would then refuse to start for ever.
/// </summary>
internal static class PostmasterLock
{
    // The children of a server that was killed see it within milliseconds; one that does not end is for Postgres to judge.
    private static readonly TimeSpan _longestEnd = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for what a killed server has left running, too: a new one that starts meanwhile finds the memory of the old one in use, and ends.</summary>
    public static async Task RemoveIfStaleAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var file = Path.Combine(dataDirectory, "postmaster.pid");
        if (!OperatingSystem.IsLinux() || !File.Exists(file))
        {
            return;
        }

        if (!int.TryParse(File.ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out var processId))
        {
            return;
        }

        var noted = $"/proc/{processId}";
        var began = Stopwatch.GetTimestamp();
        while (!Directory.Exists(noted) && IsWorkedIn(dataDirectory) && Stopwatch.GetElapsedTime(began) < _longestEnd)
        {
            await Task.Delay(_pause, cancellationToken);
        }

        // Every process of a server works in its data folder, so one that does not is none of its. While any does, Postgres must judge.
        if (Directory.Exists(noted) && !IsWorkedIn(dataDirectory))
        {
            File.Delete(file);
        }
    }

    private static bool IsWorkedIn(string directory) => Directory.EnumerateDirectories("/proc").Any(process => WorksIn(process, directory));

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
