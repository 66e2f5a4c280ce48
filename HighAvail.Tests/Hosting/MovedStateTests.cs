using System.Diagnostics;
using System.Net.Http.Headers;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Tests.EndToEnd;
using HighAvail.Tests.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting;

/// <summary>A state folder that was moved, copied, closed to others, or used by other users.</summary>
[Collection(nameof(WholeMachine))]
public sealed class MovedStateTests : IDisposable
{
    private readonly AppHostState _state = new();

    private static CancellationToken Cancelled => Patience.Token;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Start_StateWasCopiedAndMoved_HasItsOrdersInBothPlaces()
    {
        // Written by hand before the first start: the data are made with it.
        await File.WriteAllTextAsync(Path.Combine(_state.Path, "secrets.json"), """{ "Parameters:postgres-password": "by hand" }""", Cancelled);
        using var copy = new AppHostState();
        using var moved = new AppHostState();
        var (order, token) = await PlaceOrderAsync(_state);

        await RunAsync("cp", "-rT", _state.Path, copy.Path);
        Directory.Delete(moved.Path);
        Directory.Move(_state.Path, moved.Path);
        Directory.CreateDirectory(_state.Path);
        await FindOrderAsync(copy, order, token);
        await FindOrderAsync(moved, order, token);

        Assert.Contains("by hand", await File.ReadAllTextAsync(Path.Combine(copy.Path, "secrets.json"), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderOnlyRootCanEnter_KeepsDataElsewhereAndTellsACopyFromAMove()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root runs servers as another user.");
        var home = Path.Combine(_state.Path, "root");
        OwnedFolder.Create(home, owner: null);
        var original = new AppHostState(Path.Combine(home, "original"));
        var copy = new AppHostState(Path.Combine(home, "copy"));
        var moved = new AppHostState(Path.Combine(home, "moved"));

        var (order, token) = await PlaceOrderAsync(original);
        var place = new DirectoryInfo(Path.Combine(original.Path, "data", "postgres")).LinkTarget!;
        Assert.StartsWith("/var/lib/highavail/", place, StringComparison.Ordinal);
        await RunAsync("cp", "-r", original.Path, copy.Path);
        using (var host = await AppHostProcess.StartAsync(copy, Cancelled))
        {
            var output = await host.OutputAsync(Cancelled);

            Assert.Equal(1, host.ExitCode);
            Assert.Matches($" leads to data in .*, which belong to {original.Path}/data/(postgres|cache): one was copied from the other", output);
        }

        await ResetAsync(copy);
        Assert.True(File.Exists(Path.Combine(place, "PG_VERSION")));
        Directory.Move(original.Path, moved.Path);
        await FindOrderAsync(moved, order, token);
        await ResetAsync(moved);
        Assert.False(Directory.Exists(place));
    }

    [Fact]
    public async Task Start_UserPostgresComesLater_RunsAsNobodyFirstAndTakesTheDataOver()
    {
        var users = Path.Combine(_state.Path, "passwd");
        await File.WriteAllLinesAsync(users, File.ReadLines("/etc/passwd").Where(line => !line.StartsWith("postgres:", StringComparison.Ordinal)), Cancelled);
        using (var host = await AppHostProcess.StartAsync(_state, Namespaced.With("mount --bind \"$0\" /etc/passwd", users), Cancelled))
        {
            await host.LineAsync("ordersdb  healthy", Cancelled);

            Assert.Equal("65534", UserOfPostgres(host));
        }

        using var next = await AppHostProcess.StartAsync(_state, Cancelled);
        await next.LineAsync("All resources are healthy", Cancelled);

        Assert.NotEqual("65534", UserOfPostgres(next));
    }

    [Fact]
    public async Task Start_FolderIsClosedAfterTheDataWereMade_SaysWhoCannotGetThereAndExitsWithOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root runs servers as another user.");
        using (var first = await AppHostProcess.StartAsync(_state, Cancelled))
        {
            await first.LineAsync("ordersdb  healthy", Cancelled);
        }

        await RunAsync("chmod", "700", _state.Path);
        using var host = await AppHostProcess.StartAsync(_state, Cancelled);
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Matches($" cannot reach its data in {_state.Path}/data/(postgres|cache): it needs permission to enter every folder above", output);
    }

    private static string UserOfPostgres(AppHostProcess host) => LinuxProcesses.Field(
        host.Descendants().First(id => LinuxProcesses.CommandLine(id).Contains("cluster_name=postgres", StringComparison.Ordinal)), "Uid:")!.Split('\t')[0];

    private static async Task<(string Order, AuthenticationHeaderValue Token)> PlaceOrderAsync(AppHostState state)
    {
        using var host = await AppHostProcess.StartAsync(state, Cancelled);
        using var client = await host.CreateClientAsync(state, Cancelled);
        await host.LineAsync("All resources are healthy", Cancelled);
        await Customers.SignInAsync(client, Cancelled);
        var order = await Orders.PlaceAsync(client, Cancelled);
        return (order["id"]!.GetValue<string>(), client.DefaultRequestHeaders.Authorization!);
    }

    private static async Task FindOrderAsync(AppHostState state, string order, AuthenticationHeaderValue token)
    {
        using var host = await AppHostProcess.StartAsync(state, Cancelled);
        using var client = await host.CreateClientAsync(state, Cancelled);
        client.DefaultRequestHeaders.Authorization = token;
        await host.LineAsync("All resources are healthy", Cancelled);
        await Orders.WaitForAsync(client, order, "confirmed", Cancelled);
    }

    private static async Task ResetAsync(AppHostState state)
    {
        using var reset = await AppHostProcess.CommandAsync(state, _ => { }, Cancelled, "reset-data", "--yes");
        var output = await reset.OutputAsync(Cancelled);
        Assert.True(reset.ExitCode == 0, output);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(0, process.ExitCode);
    }
}
