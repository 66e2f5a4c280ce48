using System.Diagnostics;

namespace HighAvail.Tests.Hosting;

/// <summary>Starts a program as a user without rights, who has a home.</summary>
internal static class OrdinaryUser
{
    private const string Id = "65534";

    /// <summary>Skips the test where nobody can become another user.</summary>
    /// <param name="home">The user's home.</param>
    internal static Action<ProcessStartInfo> With(string home)
    {
        SkipUnlessPossible();
        return start =>
        {
            string[] command = [start.FileName, .. start.ArgumentList];
            start.FileName = "setpriv";
            start.ArgumentList.Clear();
            foreach (var part in (string[])[$"--reuid={Id}", $"--regid={Id}", "--clear-groups", "--", .. command])
            {
                start.ArgumentList.Add(part);
            }

            start.WorkingDirectory = home;
            start.Environment["HOME"] = home;
        };
    }

    internal static void SkipUnlessPossible() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can become another user.");

    /// <summary>Gives files and folders to that user; what links lead to is not followed.</summary>
    internal static async Task GiveAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var chown = Process.Start("chown", ["-h", $"{Id}:{Id}", .. arguments]);
        await chown.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, chown.ExitCode);
    }
}
