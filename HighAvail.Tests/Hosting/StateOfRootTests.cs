using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Tests.Hosting;

/// <summary>A state folder that was used with <c>sudo</c> once, in the hands of an ordinary user.</summary>
[Collection(nameof(WholeMachine))]
public sealed class StateOfRootTests : IDisposable
{
    private readonly AppHostState _state = new();

    private static CancellationToken Cancelled => Patience.Token;

    private string Home => Path.Combine(_state.Path, "home");

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Start_DataOfRootBehindALink_NamesBothCuresAndTheLinkIsOne()
    {
        OrdinaryUser.SkipUnlessPossible();
        OwnedFolder.Create(Home, owner: null);
        var state = new AppHostState(Path.Combine(Home, "state"));
        using (var root = await AppHostProcess.StartAsync(state, Cancelled))
        {
            await root.LineAsync("All resources are healthy", Cancelled);
        }

        var data = Path.Combine(state.Path, "data");
        var places = Directory.GetDirectories(data).ToDictionary(link => link, link => new DirectoryInfo(link).LinkTarget!);
        Assert.All(places.Values, place => Assert.StartsWith("/var/lib/highavail/", place, StringComparison.Ordinal));
        await OrdinaryUser.GiveAsync(Cancelled, "-R", Home);
        try
        {
            using var host = await AppHostProcess.StartAsync(state, OrdinaryUser.With(Home), Cancelled);
            var output = await host.OutputAsync(Cancelled);
            using var reset = await AppHostProcess.CommandAsync(state, OrdinaryUser.With(Home), Cancelled, "reset-data", "--yes");
            var answer = await reset.OutputAsync(Cancelled);

            Assert.Equal(1, host.ExitCode);
            Assert.Matches($@" failed +{data}/(postgres|cache) leads to data in .*, which only root can give access to\. Do this as root, or remove the link to begin here with empty data: rm {data}/", output);
            Assert.Equal(1, reset.ExitCode);
            Assert.Matches($@"error: {data}/(postgres|cache) leads to data in .*: rm {data}/", answer);
            Assert.All(places.Values, place => Assert.True(Directory.Exists(place)));

            foreach (var link in places.Keys)
            {
                File.Delete(link);
            }

            using var next = await AppHostProcess.StartAsync(state, OrdinaryUser.With(Home), Cancelled);
            await next.LineAsync("All resources are healthy", Cancelled);
        }
        finally
        {
            foreach (var place in places.Values)
            {
                Directory.Delete(place, recursive: true);
                foreach (var file in Directory.GetFiles(Path.GetDirectoryName(place)!, $"{Path.GetFileName(place)}.*"))
                {
                    File.Delete(file);
                }
            }
        }
    }

    [Fact]
    public async Task Start_SecretsOfRoot_NamesWhatHelpsAndExitsWithOne()
    {
        OrdinaryUser.SkipUnlessPossible();
        var secrets = Path.Combine(_state.Path, "secrets.json");
        await OwnedFolder.WriteFileAsync(secrets, "{}", owner: null, Cancelled);
        await OrdinaryUser.GiveAsync(Cancelled, _state.Path);

        using var host = await AppHostProcess.StartAsync(_state, OrdinaryUser.With(_state.Path), Cancelled);
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"error: Access to the path '{secrets}' is denied. This user needs everything in the state folder: sudo chown -R", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAndReset_DataOfRoot_NameWhatHelpsAndExitWithOne()
    {
        OrdinaryUser.SkipUnlessPossible();
        var folder = Directory.CreateDirectory(Path.Combine(_state.Path, "data", "postgres")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "PG_VERSION"), "15\n", Cancelled);
        OwnedFolder.Create(Path.Combine(_state.Path, "data", "cache"), owner: null);
        await OrdinaryUser.GiveAsync(Cancelled, _state.Path);

        using var host = await AppHostProcess.StartAsync(_state, OrdinaryUser.With(_state.Path), Cancelled);
        var output = await host.OutputAsync(Cancelled);
        using var reset = await AppHostProcess.CommandAsync(_state, OrdinaryUser.With(_state.Path), Cancelled, "reset-data", "--yes");
        var answer = await reset.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"is denied. This user needs everything in the state folder: sudo chown -R \"$(id -un)\" {_state.Path}", output, StringComparison.Ordinal);
        Assert.Equal(1, reset.ExitCode);
        Assert.Contains("error: Not all data could be deleted: ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
    }
}
