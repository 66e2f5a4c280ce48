namespace HighAvail.Hosting.Control;

/// <summary>What to type in a terminal to ask something of the host.</summary>
internal static class HostInvocation
{
    internal static string Of(HostDirectories directories, string verb) => Of(directories.AppHost, Environment.CurrentDirectory, AppContext.BaseDirectory, verb);

    internal static string Of(string appHost, string currentDirectory, string baseDirectory, string verb)
    {
        var relative = Path.GetRelativePath(currentDirectory, appHost);
        var project = relative == "." ? string.Empty : $" --project {(relative.Contains(' ', StringComparison.Ordinal) ? $"\"{relative}\"" : relative)}";

        // Without it, --no-build looks for the Debug build, which may not be there or not be what runs.
        var release = baseDirectory.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Contains("Release") ? " -c Release" : string.Empty;
        return $"dotnet run{project} --no-build{release} -- {verb}";
    }
}
