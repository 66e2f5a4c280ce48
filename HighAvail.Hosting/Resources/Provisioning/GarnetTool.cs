using System.Text.Json;
using System.Text.Json.Nodes;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>Garnet as a .NET tool, in the version that the repository's tool manifest names.</summary>
/// <param name="appHostDirectory">In it, or above it, is the tool manifest.</param>
/// <param name="user">Whom it runs as, or <see langword="null"/> for the host's own user.</param>
/// <param name="folders">Where it is copied for another user.</param>
/// <param name="command">Restores it.</param>
/// <param name="tellAsync">Told what takes long.</param>
internal sealed class GarnetTool(string appHostDirectory, SystemUser? user, ToolFolders folders, PackageCommand command, Func<string, Task> tellAsync)
{
    public const string Description = $"the .NET tool {Name}";

    private const string Name = "garnet-server";
    private const string Library = "GarnetServer.dll";

    private static readonly string _dotnet = Path.Combine(BuildOutput.DotNetRoot, BinaryLocator.FileName("dotnet"));

    /// <summary>The library to run, fetched if it is not there.</summary>
    /// <exception cref="ProvisioningException">It cannot be had.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        var (manifest, version) = FindInManifest();
        var library = Find(version) ?? await RestoreAsync(manifest, version, cancellationToken).ConfigureAwait(false);
        if (user is null)
        {
            return library;
        }

        // The packages of root are in its home, where nobody else can go.
        var folder = await folders.GetAsync($"{Name}-{version}", user, copy => Task.Run(() => Copy(library, copy), cancellationToken), cancellationToken).ConfigureAwait(false);
        return Path.Combine(folder, Library);
    }

    private (string Manifest, string Version) FindInManifest()
    {
        for (var folder = new DirectoryInfo(appHostDirectory); folder is not null; folder = folder.Parent)
        {
            var manifest = Path.Combine(folder.FullName, ".config", "dotnet-tools.json");
            if (File.Exists(manifest) && ReadVersion(manifest) is { } version)
            {
                return (manifest, version);
            }
        }

        throw new ProvisioningException($"no .config/dotnet-tools.json in {appHostDirectory} or above names it.");
    }

    private static string? ReadVersion(string manifest)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(manifest))?["tools"]?[Name]?["version"]?.GetValue<string>();
        }
        catch (JsonException exception)
        {
            throw new ProvisioningException($"{manifest} is not valid JSON: {exception.Message}", exception);
        }
    }

    private async Task<string> RestoreAsync(string manifest, string version, CancellationToken cancellationToken)
    {
        await tellAsync($"Fetching Garnet ({Name} {version}), which stands in for Redis, as a .NET tool, once: 580 MB on disk.").ConfigureAwait(false);
        var directory = Path.GetDirectoryName(manifest)!;
        await command.RunAsync(_dotnet, ["tool", "restore", "--tool-manifest", manifest], directory, cancellationToken).ConfigureAwait(false);
        return Find(version) ?? throw new ProvisioningException($"it was restored, but {Library} is neither in {Packages} nor where {ResolverCache} says.");
    }

    private static string Packages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
        ? configured
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // Where the SDK notes what it restored, for `dotnet tool run`.
    private static string ResolverCache => Path.Combine(
        Environment.GetEnvironmentVariable(PackageCommand.DotNetHome) is { Length: > 0 } home
            ? home
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        ".dotnet", "toolResolverCache", "1", Name);

    private static string? Find(string version)
    {
        var usual = Path.Combine(Packages, Name, version, "tools", $"net{Environment.Version.Major}.0", "any", Library);
        return File.Exists(usual) ? usual : FindNoted(version);
    }

    private static string? FindNoted(string version)
    {
        try
        {
            return File.Exists(ResolverCache) && JsonNode.Parse(File.ReadAllText(ResolverCache)) is JsonArray notes
                ? notes.Where(note => note?["Version"]?.GetValue<string>() == version)
                    .Select(note => note?["PathToExecutable"]?.GetValue<string>())
                    .FirstOrDefault(File.Exists)
                : null;
        }
        catch (JsonException)
        {
            // Not as this SDK writes it: then the tool is only found in the usual place.
            return null;
        }
    }

    // Only what runs here: the package has programs for six systems, and is 350 MB.
    private static void Copy(string library, string folder)
    {
        var source = Path.GetDirectoryName(library)!;
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (var runtime in (string[])["unix", "linux", "linux-x64", "linux-arm64"])
        {
            var runtimes = Path.Combine(source, "runtimes", runtime);
            if (Directory.Exists(runtimes))
            {
                OwnedFolder.Copy(runtimes, Path.Combine(folder, "runtimes", runtime), owner: null);
            }
        }
    }
}
