using System.Diagnostics;

namespace HighAvail.Tests.Hosting;

/// <summary>Starts a program in a mount namespace of its own, where the system looks different: what is mounted goes with it.</summary>
internal static class Namespaced
{
    /// <summary>Runs shell commands there first. Skips the test where that is not allowed.</summary>
    /// <param name="prepare">The commands; <c>$0</c> is <paramref name="argument"/>.</param>
    /// <param name="argument">A path for them.</param>
    internal static Action<ProcessStartInfo> With(string prepare, string argument)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && MayMount(), "Only root can mount.");
        return start =>
        {
            string[] command = [start.FileName, .. start.ArgumentList];
            start.FileName = "unshare";
            start.ArgumentList.Clear();
            foreach (var part in (string[])["--mount", "sh", "-ec", $"{prepare}; exec \"$@\"", argument, .. command])
            {
                start.ArgumentList.Add(part);
            }
        };
    }

    // Root of a container may have been denied it.
    private static bool MayMount()
    {
        using var tried = Process.Start(new ProcessStartInfo("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true })!;
        tried.WaitForExit();
        return tried.ExitCode == 0;
    }
}
