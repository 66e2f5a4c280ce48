using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Tests.Hosting.Resources.Binaries;

public class DataPlacementTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private readonly SystemUser? _user = SystemUser.ForServer("nobody");

    [Fact]
    public async Task ResolveAsync_ReachableParent_IsTheWantedFolder()
    {
        var wanted = Path.Combine(servers.NewFolder(), "data");

        Assert.Equal(wanted, await ResolveAsync(wanted));
    }

    [Fact]
    public async Task ResolveAsync_UnreachableParent_IsASharedFolderTheWantedOneLeadsTo()
    {
        var wanted = Path.Combine(CreateClosedFolder(), "data");

        var place = await ResolveAsync(wanted);

        Assert.StartsWith(servers.Folders.Shared, place, StringComparison.Ordinal);
        Assert.Equal(place, new DirectoryInfo(wanted).LinkTarget);
        Assert.Equal(place, await ResolveAsync(wanted));
    }

    [Fact]
    public async Task ResolveAsync_StateWasDeleted_StartsOver()
    {
        var wanted = Path.Combine(CreateClosedFolder(), "data");
        var place = await ResolveAsync(wanted);
        File.Delete(wanted);

        Assert.NotEqual(place, await ResolveAsync(wanted));
    }

    [Fact]
    public async Task ResolveAsync_DataOutOfReach_SaysSo()
    {
        var wanted = Path.Combine(CreateClosedFolder(), "data");
        Directory.CreateDirectory(wanted);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ResolveAsync(wanted));

        Assert.Contains(wanted, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_LinkWasCopied_NamesWhoseDataTheyAreUntilThatOneIsGone()
    {
        var wanted = Path.Combine(CreateClosedFolder(), "data");
        var place = await ResolveAsync(wanted);
        var copy = Path.Combine(CreateClosedFolder(), "data");
        File.CreateSymbolicLink(copy, place);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ResolveAsync(copy));
        File.Delete(wanted);

        Assert.Contains($"belong to {wanted}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(place, await ResolveAsync(copy));
    }

    [Fact]
    public async Task Delete_OwnAndForeignLinks_DeletesOnlyOwnData()
    {
        var folder = CreateClosedFolder();
        var place = await ResolveAsync(Path.Combine(folder, "data"));
        var copied = CreateClosedFolder();
        File.CreateSymbolicLink(Path.Combine(copied, "data"), place);
        Directory.CreateDirectory(place);

        DataPlacement.Delete(copied);
        Assert.True(Directory.Exists(place));
        DataPlacement.Delete(folder);

        Assert.False(Directory.Exists(place));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(place)!, $"{Path.GetFileName(place)}*"));
    }

    [Fact]
    public void Delete_LinkThatAPersonMade_RemovesTheLinkAlone()
    {
        var elsewhere = servers.NewFolder();
        Directory.CreateDirectory(elsewhere);
        var kept = Path.Combine(elsewhere, "kept");
        File.WriteAllText(kept, "mine");
        var folder = servers.NewFolder();
        Directory.CreateDirectory(folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, "postgres"), elsewhere);

        DataPlacement.Delete(folder);

        Assert.Equal("mine", File.ReadAllText(kept));
        Assert.False(Directory.Exists(folder));
    }

    private Task<string> ResolveAsync(string wanted) =>
        DataPlacement.ResolveAsync(wanted, _user, servers.Folder, servers.Folders.Shared, TestContext.Current.CancellationToken);

    private string CreateClosedFolder()
    {
        Assert.SkipWhen(_user is null, "Only root runs servers as another user.");
        var folder = servers.NewFolder();
        OwnedFolder.Create(folder, owner: null);
        return folder;
    }
}
