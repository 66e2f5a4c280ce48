using System.Net;
using System.Net.Sockets;

namespace HighAvail.Tests.Hosting;

/// <summary>The app host in folders and on machines that are not as they should be: what it says, and how it ends.</summary>
[Collection(nameof(WholeMachine))]
public sealed class BrokenStateTests : IDisposable
{
    private readonly AppHostState _state = new();

    private static CancellationToken Cancelled => Patience.Token;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Start_FolderIsReadOnly_SaysSoAndExitsWithOne()
    {
        using var host = await AppHostProcess.StartAsync(_state, Namespaced.With("mount -t tmpfs -o ro none \"$0\"", _state.Path), Cancelled);

        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"error: The state folder {_state.Path} cannot be used: Read-only file system", output, StringComparison.Ordinal);
        Assert.Contains("HighAvail:StateDirectory", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DiskIsFull_SaysSoAndGoesOnWhenThereIsRoomAgain()
    {
        // Room for the first steps; something else takes up the rest until it is removed.
        const string prepare = "mount -t tmpfs -o size=400m,mode=755 none \"$0\"; fallocate -l 390m \"$0/ballast\"";
        using var host = await AppHostProcess.StartAsync(_state, Namespaced.With(prepare, _state.Path), Cancelled);

        await host.LineAsync($"postgres  restarting  No space is left on the disk that holds {_state.Path}. Make room; it is tried again by itself.", Cancelled);

        // What is mounted there is seen through the process alone.
        File.Delete($"/proc/{host.Id}/root{_state.Path}/ballast");
        await host.LineAsync("All resources are healthy", Cancelled);
        host.Signal("TERM");
        await host.WaitForExitAsync(Cancelled);

        Assert.Equal(0, host.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_NotAByteIsFree_SaysSoAndExitsWithOne(bool hasCertificates)
    {
        using var home = new TemporaryFolder();
        if (hasCertificates)
        {
            using var trust = await AppHostProcess.CommandAsync(_state, start => start.Environment["HOME"] = home.Path, Cancelled, "trust");
            await trust.OutputAsync(Cancelled);
        }

        const string prepare = """
            mount -t tmpfs -o size=128k,mode=755 none /mnt; cp -r "$0/." /mnt; mkdir -p /mnt/run
            dd if=/dev/zero of=/mnt/ballast bs=4096 2>/dev/null || :
            mount --bind /mnt "$0"
            """;
        using var host = await AppHostProcess.StartAsync(_state, Namespaced.With(prepare, _state.Path), Cancelled);
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Matches($@"No space is left on the disk that holds {_state.Path}(/pki/ca\.key|/secrets\.json)?\. Free some and start again\.", output);
        Assert.DoesNotContain("delete it", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataOfAnotherPostgres_OffersToDeleteThemAndDoesSoWhenTold()
    {
        var data = Directory.CreateDirectory(Path.Combine(_state.Path, "data", "postgres")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "9\n", Cancelled);

        using var host = await AppHostProcess.StartAsync(_state, Cancelled);
        var output = await host.OutputAsync(Cancelled);
        using var unsure = await AppHostProcess.CommandAsync(_state, start => start.RedirectStandardInput = true, Cancelled, "reset-data");
        var question = await unsure.OutputAsync(Cancelled);
        var dataAfterwards = Directory.Exists(data);
        using var reset = await AppHostProcess.CommandAsync(_state, _ => { }, Cancelled, "reset-data", "--yes");
        var answer = await reset.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains($"postgres  failed      The data of 'postgres' in {data} are of Postgres version 9, and ", output, StringComparison.Ordinal);
        Assert.Contains($"-- reset-data --HighAvail:StateDirectory={_state.Path}", output, StringComparison.Ordinal);
        Assert.Equal(1, unsure.ExitCode);
        Assert.Contains(data, question, StringComparison.Ordinal);
        Assert.Contains("error: Nothing was deleted. Without a terminal to ask at, say so with --yes.", question, StringComparison.Ordinal);
        Assert.True(dataAfterwards);
        Assert.Equal(0, reset.ExitCode);
        Assert.Contains("Deleted. The next start begins with empty databases.", answer, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Start_PortIsTaken_NamesThePortAndWhoHasIt()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 7443);
        try
        {
            squatter.Start();
        }
        catch (SocketException)
        {
            // Another system runs on this machine, which does as well.
        }

        using var host = await AppHostProcess.StartAsync(_state, Cancelled, "--DcpPublisher:RandomizePorts=false");
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Matches(@"error: Port (7443|5080) is taken by .*\. Or take free ones: dotnet run .*-- --isolated", output);
    }
}
