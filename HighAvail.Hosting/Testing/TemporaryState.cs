namespace HighAvail.Hosting.Testing;

/// <summary>The state folder of one test's application.</summary>
internal sealed class TemporaryState : IDisposable
{
    private readonly string _directory;

    private TemporaryState(string directory) => _directory = directory;

    /// <summary>What makes an app host use it.</summary>
    internal string[] Arguments => [$"--{HostSettings.StateDirectory}={_directory}", $"--{HostSettings.RandomizePorts}=true"];

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    internal static TemporaryState Create()
    {
        var directory = Directory.CreateTempSubdirectory("highavail-test-").FullName;
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            // Postgres never runs as root: its user must be able to get to its own folder in here.
            File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return new(directory);
    }
}
