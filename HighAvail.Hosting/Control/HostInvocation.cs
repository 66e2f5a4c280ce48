namespace HighAvail.Hosting.Control;

/// <summary>What to type in a terminal to ask something of the host.</summary>
internal static class HostInvocation
{
    /// <summary>What means this very host, wherever its state is: one that means another state folder would even delete the wrong data.</summary>
    /// <param name="directories">Say which app host.</param>
    /// <param name="verb">What to ask; empty to start it.</param>
    internal static string Of(HostDirectories directories, string verb)
    {
        var root = IsolatedState.Root(directories);
        string[] arguments =
        [
            .. directories.Isolation is { } one ? [$"{HostArguments.Isolated}={one}"] : Array.Empty<string>(),
            .. verb.Length > 0 ? [verb] : Array.Empty<string>(),
            .. root != HostDirectories.UsualState(directories.AppHost) ? [ShellArgument.Quote($"--{HostSettings.StateDirectory}={root}")] : Array.Empty<string>(),
        ];
        return Of(directories.AppHost, Environment.CurrentDirectory, AppContext.BaseDirectory, string.Join(' ', arguments));
    }

    /// <summary>Starts an instance beside this one.</summary>
    internal static string Beside(HostDirectories directories) =>
        Of(new(directories.AppHost, IsolatedState.Root(directories)), HostArguments.Isolated);

    internal static string Of(string appHost, string currentDirectory, string baseDirectory, string arguments)
    {
        var relative = Path.GetRelativePath(currentDirectory, appHost);
        var project = relative == "." ? string.Empty : $" --project {ShellArgument.Quote(relative)}";

        // Without it, --no-build looks for the Debug build, which may not be there or not be what runs.
        var release = baseDirectory.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Contains("Release") ? " -c Release" : string.Empty;
        return $"dotnet run{project} --no-build{release}{(arguments.Length > 0 ? $" -- {arguments}" : string.Empty)}".TrimEnd();
    }
}
