using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Orchestration;
using HighAvail.Tests.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Control;

public class HostRunTests
{
    private const string Server = "exec sleep 600";
    private const string DeafServer = "trap '' INT TERM; while :; do sleep 0.1; done";

    [Fact]
    public async Task Run_UntilItIsToldToStop_PrintsWhatToolsReadAndLeavesNothingBehind()
    {
        await using var client = RunningHost.NotStarted();
        await using var program = HostProgram.Start(client.Directories.AppHost, Server);
        var server = await HostProgram.ServerAsync(client);

        var stop = await client.CommandAsync("stop");
        var (exitCode, output, error) = await program.ExitAsync();

        Assert.Equal((0, 0), (stop.ExitCode, exitCode));
        Assert.Empty(error);
        Assert.Matches(
            @"(?s)^HighAvail \d.*\nDistributed application starting\.\nApplication host directory is: .*\n.*-- ps.*\nDistributed application started\. Press Ctrl\+C to shut down\.\n",
            output);
        Assert.False(LinuxProcesses.IsRunning(server));
        Assert.False(File.Exists(client.Directories.HostFile));
    }

    [Fact]
    public async Task Run_WhileAnotherHostRuns_PrintsOneLineAndExitsWith1()
    {
        await using var client = RunningHost.NotStarted();
        await using var first = HostProgram.Start(client.Directories.AppHost, Server);
        var server = await HostProgram.ServerAsync(client);

        await using var second = HostProgram.Start(client.Directories.AppHost, Server);
        var (exitCode, _, error) = await second.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Matches($@"^error: An instance of this app host is running already \(process {first.Id}\)\. .*-- ps .*-- stop .*\n$", error);
        Assert.Equal(server, await HostProgram.ServerAsync(client));
    }

    [Theory]
    [InlineData(HostProgram.UnregisteredCheck, "error: A health check registration is missing. Check logs for more details.")]
    [InlineData(HostProgram.MissingProgram, "server  failed      The program 'highavail-no-such-program' was not found in PATH")]
    public async Task Run_DescriptionThatCannotStart_SaysWhyAndExitsWith1(string model, string message)
    {
        await using var client = RunningHost.NotStarted();
        await using var program = HostProgram.Start(client.Directories.AppHost, model);

        var (exitCode, output, error) = await program.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortOfAServerIsStillBound_SaysWhichAndExitsWith1()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;
        await using var client = RunningHost.NotStarted();
        await using var program = HostProgram.Start(client.Directories.AppHost, $"{HostProgram.RedisOnPort}{port}", randomizePorts: false);

        var (exitCode, output, _) = await program.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"server  failed      Port {port}, which 'server' listens on (tcp), is in use by another process.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AfterAHostWasKilled_TakesItsPlace()
    {
        await using var client = RunningHost.NotStarted();
        await using var first = HostProgram.Start(client.Directories.AppHost, Server);
        await HostProgram.ServerAsync(client);
        first.Signal(StopSignal.Kill);
        await first.ExitAsync();
        Assert.True(File.Exists(client.Directories.HostFile));
        Assert.Equal(1, (await client.CommandAsync("ps")).ExitCode);

        await using var second = HostProgram.Start(client.Directories.AppHost, Server);
        await HostProgram.ServerAsync(client);

        Assert.Contains($"\"processId\":{second.Id},", await File.ReadAllTextAsync(client.Directories.HostFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithASecondSignal_KillsWhatDoesNotStop()
    {
        await using var client = RunningHost.NotStarted();
        await using var program = HostProgram.Start(client.Directories.AppHost, DeafServer);
        var server = await HostProgram.ServerAsync(client);

        program.Signal(StopSignal.Interrupt);
        await Eventually.TrueAsync(async () => (await client.CommandAsync("ps")).Output.Contains("Stopping", StringComparison.Ordinal));
        var began = Stopwatch.GetTimestamp();
        program.Signal(StopSignal.Interrupt);
        var (exitCode, output, _) = await program.ExitAsync();

        // Without the second signal the server has 20 s or more to stop.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal(0, exitCode);
        Assert.Contains("Killing everything.", output, StringComparison.Ordinal);
        Assert.False(LinuxProcesses.IsRunning(server));
        Assert.False(File.Exists(client.Directories.HostFile));
    }
}
