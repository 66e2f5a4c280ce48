using HighAvail.Hosting.Control;

namespace HighAvail.Tests.Hosting.Control;

public class IsolatedStateTests
{
    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    public void Find_NameThatIsNoFolder_IsRefused(string name) =>
        Assert.Throws<DistributedApplicationException>(() => IsolatedState.Find("/src/App", "/src/App/.highavail", name));

    [Fact]
    public async Task Take_SeveralAtTheSameMoment_GetANumberEach()
    {
        using var folder = new TemporaryFolder();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => IsolatedState.Take(folder.Path, folder.Path))));

        Assert.Equal(["1", "2", "3", "4"], taken.Select(t => t.Directories.Isolation).Order());
        await taken.Single(t => t.Directories.Isolation == "2").Lock.DisposeAsync();
        var next = IsolatedState.Take(folder.Path, folder.Path);
        Assert.Equal("2", next.Directories.Isolation);
        Assert.All([.. taken.Select(t => t.Lock), next.Lock], held => held.Dispose());
    }
}
