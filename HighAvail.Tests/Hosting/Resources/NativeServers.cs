using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Postgres;
using HighAvail.Hosting.Resources.Redis;
using Microsoft.Extensions.Configuration;

namespace HighAvail.Tests.Hosting.Resources;

/// <summary>A temporary folder for real servers' data, and the servers' programs of this machine.</summary>
public sealed class NativeServers : IDisposable
{
    private static readonly BinaryLocator _locator = new(new ConfigurationBuilder().Build(), SearchScope.Machine);

    public NativeServers()
    {
        Folder = Directory.CreateTempSubdirectory("highavail-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // So that a server's user can get to its data when the tests run as root.
            File.SetUnixFileMode(Folder, (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }

    public string Folder { get; }

    internal NativeFolders Folders => new(Path.Combine(Folder, "shared"), Path.Combine(Folder, "cache"));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal string NewFolder() => Path.Combine(Folder, Guid.NewGuid().ToString("N")[..8]);

    internal PostgresSettings PostgresSettings() => new()
    {
        Name = "postgres",
        AppHostDirectory = Folder,
        DataDirectory = Path.Combine(NewFolder(), "postgres"),
        ResetCommand = "app -- reset-data",
        Password = "it's a \"secret\"",
        // The machine's template: making one takes longer than most tests.
        Folders = Folders with { Cache = NativeFolders.Machine.Cache },
    };

    internal RedisSettings RedisSettings() => new()
    {
        AppHostDirectory = Folder,
        DataDirectory = Path.Combine(NewFolder(), "cache"),
        Password = "it's a \"secret\"",
        Folders = Folders,
    };

    internal static async Task<PostgresBinaries> FindPostgresAsync()
    {
        try
        {
            return await _locator.FindPostgresAsync(TestContext.Current.CancellationToken);
        }
        catch (BinaryNotFoundException exception) when (MaySkip)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    internal static string FindRedis()
    {
        try
        {
            return _locator.FindRedis();
        }
        catch (BinaryNotFoundException exception) when (MaySkip)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    // Where everything must be there, a missing server is a failure.
    private static bool MaySkip => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
}
