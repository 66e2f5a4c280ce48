namespace HighAvail.Hosting.Control;

/// <summary>What to type in a terminal to ask something of the host.</summary>
internal static class HostInvocation
{
    /// <param name="directories">Say which app host.</param>
    /// <param name="verb">What to ask; empty to start it.</param>
    internal static string Of(HostDirectories directories, string verb) =>
        Of(directories.AppHost, Environment.CurrentDirectory, AppContext.BaseDirectory, directories.Isolation is { } one ? $"{HostArguments.Isolated}={one} {verb}" : verb);

    /// <summary>What deletes the data of this very host: a command that means another state folder would delete the wrong ones.</summary>
    internal static string ResetData(HostDirectories directories)
    {
        var root = IsolatedState.Root(directories);
        return root == HostDirectories.UsualState(directories.AppHost)
            ? Of(directories, HostArguments.ResetData)
            : Of(directories, $"--{HostArguments.ResetData} {Quoted($"--{HostSettings.StateDirectory}={root}")}");
    }

    internal static string Of(string appHost, string currentDirectory, string baseDirectory, string arguments)
    {
        var relative = Path.GetRelativePath(currentDirectory, appHost);
        var project = relative == "." ? string.Empty : $" --project {Quoted(relative)}";

        // Without it, --no-build looks for the Debug build, which may not be there or not be what runs.
        var release = baseDirectory.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Contains("Release") ? " -c Release" : string.Empty;
        return $"dotnet run{project} --no-build{release}{(arguments.Length > 0 ? $" -- {arguments}" : string.Empty)}".TrimEnd();
    }

    private static string Quoted(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;
}
