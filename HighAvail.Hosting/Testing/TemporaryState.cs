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

    /// <summary>A folder that comes into being with what is put into it: an application that is never started leaves nothing.</summary>
    internal static TemporaryState Create() => new(Path.Combine(Path.GetTempPath(), $"highavail-test-{Guid.NewGuid():N}"));
}
