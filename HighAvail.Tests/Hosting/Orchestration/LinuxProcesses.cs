using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>What the kernel says about processes.</summary>
internal static class LinuxProcesses
{
    /// <summary>Whether it runs; one that nobody has waited for does not.</summary>
    public static bool IsRunning(int processId) => Field(processId, "State:") is { } state && !state.StartsWith('Z');

    /// <summary>Kills one process, and nothing that belongs to it.</summary>
    public static void Kill(int processId) => Libc.Signal(processId, StopSignal.Kill);

    /// <summary>What it was started with; empty when it has ended.</summary>
    public static string CommandLine(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static string? Field(int processId, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{processId}/status")
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, before it was opened or while it was read.
            return null;
        }
    }
}
