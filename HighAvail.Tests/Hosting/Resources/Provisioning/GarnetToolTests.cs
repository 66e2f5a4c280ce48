using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Provisioning;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Hosting.Resources.Provisioning;

public sealed class GarnetToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GetAsync_NoManifest_SaysWhereItWasLookedFor()
    {
        var refused = await Assert.ThrowsAsync<ProvisioningException>(GetAsync);

        Assert.Equal($"no .config/dotnet-tools.json in {_folder.Path} or above names it.", refused.Message);
    }

    [Fact]
    public async Task GetAsync_ManifestIsBroken_NamesIt()
    {
        WriteManifest("{ \"tools\": ");

        var refused = await Assert.ThrowsAsync<ProvisioningException>(GetAsync);

        Assert.StartsWith($"{_folder.Path}/.config/dotnet-tools.json is not valid JSON", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_VersionDoesNotExist_TellsTheCommandAndWhatItSaid()
    {
        WriteManifest("""{ "version": 1, "isRoot": true, "tools": { "garnet-server": { "version": "0.0.1", "commands": ["garnet-server"] } } }""");

        var refused = await Assert.ThrowsAsync<ProvisioningException>(GetAsync);

        Assert.StartsWith("`dotnet tool restore --tool-manifest", refused.Message, StringComparison.Ordinal);
        Assert.Contains("failed with exit code 1:\n  ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("garnet-server", refused.Message[refused.Message.IndexOf('\n', StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.StartsWith("Fetching Garnet (garnet-server 0.0.1)", Assert.Single(_told), StringComparison.Ordinal);
    }

    private Task<string> GetAsync() => new GarnetTool(
        _folder.Path,
        user: null,
        new ToolFolders(new HostDirectories(_folder.Path, _folder.Path), _folder.File("shared")),
        new PackageCommand(ProcessLauncher.Create(TimeProvider.System, NullLogger.Instance), (_, _) => { }),
        message =>
        {
            _told.Add(message);
            return Task.CompletedTask;
        }).GetAsync(TestContext.Current.CancellationToken);

    private void WriteManifest(string json)
    {
        Directory.CreateDirectory(_folder.File(".config"));
        File.WriteAllText(_folder.File(".config/dotnet-tools.json"), json);
    }
}
