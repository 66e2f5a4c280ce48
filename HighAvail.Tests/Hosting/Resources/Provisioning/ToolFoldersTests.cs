using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Provisioning;

namespace HighAvail.Tests.Hosting.Resources.Provisioning;

public sealed class ToolFoldersTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_FillingFails_LeavesNothingAndTriesAgain()
    {
        var state = servers.NewFolder();
        var tools = Create(state);

        await Assert.ThrowsAsync<ProvisioningException>(() => tools.GetAsync(
            "tool-1",
            user: null,
            async folder =>
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "half"), "", Cancelled);
                throw new ProvisioningException("no network");
            },
            Cancelled));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(state, "tools")));
        var place = await tools.GetAsync("tool-1", user: null, Fill, Cancelled);

        Assert.Equal([Path.Combine(place, "program")], Directory.GetFiles(place));
    }

    [Fact]
    public async Task GetAsync_HostsWereKilledWhileFilling_RemovesWhatIsOldAndKeepsWhatMayBeUnderWay()
    {
        var state = servers.NewFolder();
        var old = Directory.CreateDirectory(Path.Combine(state, "tools", "tool-1.old", "half")).Parent!;
        var young = Directory.CreateDirectory(Path.Combine(state, "tools", "tool-1.young"));
        old.LastWriteTimeUtc = DateTime.UtcNow - TimeSpan.FromHours(2);

        await Create(state).GetAsync("tool-1", user: null, Fill, Cancelled);

        Assert.Equal(["tool-1", "tool-1.young"], new DirectoryInfo(Path.Combine(state, "tools")).EnumerateDirectories().Select(d => d.Name).Order());
        Assert.True(young.Exists);
    }

    [Fact]
    public async Task GetAsync_FillingFailsAndItsFolderIsGone_SaysWhyItFailed()
    {
        var tools = Create(servers.NewFolder());

        var failed = await Assert.ThrowsAsync<ProvisioningException>(() => tools.GetAsync(
            "tool-1",
            user: null,
            folder =>
            {
                Directory.Delete(folder);
                throw new ProvisioningException("no network");
            },
            Cancelled));

        Assert.Equal("no network", failed.Message);
    }

    [Fact]
    public async Task GetAsync_SeveralHostsAtOnce_EndWithOneCompleteFolder()
    {
        var state = servers.NewFolder();

        var places = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Create(state).GetAsync("tool-1", user: null, Fill, Cancelled), Cancelled)));

        Assert.Equal([Path.Combine(state, "tools", "tool-1")], places.Distinct());
        Assert.Equal(places[..1], Directory.GetFileSystemEntries(Path.Combine(state, "tools")));
    }

    [Fact]
    public async Task GetAsync_UserCannotEnter_IsInTheCacheAndReadableForTheUser()
    {
        var user = SystemUser.ForServer("nobody");
        Assert.SkipWhen(user is null, "Only root runs servers as another user.");
        var state = servers.NewFolder();
        OwnedFolder.Create(state, owner: null);

        var place = await Create(state).GetAsync("tool-1", user, Fill, Cancelled);

        Assert.Equal(Path.Combine(servers.Folders.Cache, "tools", "tool-1"), place);
        Assert.Equal("runs\n", await NativeTool.RunAsync(user, Path.Combine(place, "program"), [], null, Cancelled));
    }

    private ToolFolders Create(string state) => new(new HostDirectories(servers.Folder, state), servers.Folders.Cache);

    private static async Task Fill(string folder)
    {
        var program = Path.Combine(folder, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho runs\n", Cancelled);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
