using System.Text.Json;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Control.Verbs;
using HighAvail.Tests.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static System.StringComparison;

namespace HighAvail.Tests.Hosting.Control;

public class CommandLineTests
{
    [Theory]
    [InlineData("error: There is no command 'pss'. Did you mean 'ps'?", "pss")]
    [InlineData("error: There is no command '@file'. Commands: ps, logs,", "@file")]
    [InlineData("error: Required argument", "logs")]
    [InlineData("error: --tail takes a number of lines, not 'many'", "logs", "server", "--tail", "many")]
    [InlineData("error: Unrecognized command or argument '--jsno'", "ps", "--jsno")]
    [InlineData("error: There is no resource or replica 'sevrer'. Did you mean 'server'?", "restart", "sevrer")]
    [InlineData("error: There is no resource or replica '..'", "describe", "..")]
    [InlineData("error: There is no resource or replica '../../secrets'", "logs", "../../secrets")]
    [InlineData("error: 'start' cannot be done with 'server' now: it is Running.", "start", "server")]
    public async Task Invoke_WithBadInput_SaysWhatIsWrong(string message, params string[] args)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");

        var (exitCode, output, error) = await host.CommandAsync(args);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.StartsWith(message, error, Ordinal);
        Assert.DoesNotContain("   at ", error, Ordinal);
    }

    [Theory]
    [InlineData("ps")]
    [InlineData("stop")]
    [InlineData("logs", "server")]
    public async Task Invoke_WithoutARunningHost_SaysSo(params string[] args)
    {
        await using var host = RunningHost.NotStarted();

        var (exitCode, output, error) = await host.CommandAsync(args);

        Assert.Equal((1, string.Empty), (exitCode, output));
        Assert.StartsWith("error: No instance of this app host is running. Start it: dotnet run --project", error, Ordinal);
    }

    [Fact]
    public async Task ResetData_WhileAHostRuns_IsRefused()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var data = Directory.CreateDirectory(Path.Combine(host.Directories.Data, "server")).FullName;

        var (exitCode, output, error) = await host.CommandAsync("reset-data", "--yes");

        Assert.Equal((1, string.Empty), (exitCode, output));
        Assert.StartsWith("error: An instance of this app host is running already", error, Ordinal);
        Assert.True(Directory.Exists(data));
    }

    [Theory]
    [InlineData("yes", 0)]
    [InlineData("y", 1)]
    [InlineData(null, 1)]
    public async Task ResetData_AtATerminal_AsksAndDeletesOnlyAfterAYes(string? answer, int expected)
    {
        await using var host = RunningHost.NotStarted();
        var data = Directory.CreateDirectory(Path.Combine(host.Directories.Data, "server")).FullName;
        var output = new CommandOutput(TextWriter.Null, TextWriter.Null, null) { Ask = _ => answer };

        var exitCode = await CommandLine.InvokeAsync(host.Application.Services, ["reset-data"], output, TestContext.Current.CancellationToken);

        Assert.Equal(expected, exitCode);
        Assert.Equal(expected != 0, Directory.Exists(data));
    }

    [Fact]
    public async Task Help_OfTheWholeAndOfACommand_IsPrinted()
    {
        await using var host = RunningHost.NotStarted();

        var whole = await host.CommandAsync("--help");
        var logs = await host.CommandAsync("logs", "--help");

        Assert.Equal((0, 0), (whole.ExitCode, logs.ExitCode));
        Assert.All(
            ["ps", "logs", "describe", "start", "stop", "restart", "rolling-restart", "scale", "kill", "pause", "resume", "--isolated <NAME>", "--HighAvail:StateDirectory <FOLDER>"],
            word => Assert.Contains($"  {word}", whole.Output, Ordinal));
        Assert.Contains("--follow", logs.Output, Ordinal);
    }

    [Fact]
    public async Task Ps_WithAServerThatCrashesAtEveryStart_ShowsTheBackOffWhileTheOthersRun()
    {
        await using var host = await RunningHost.StartAsync(b =>
        {
            b.AddServer("server");
            b.AddServer("broken", "exit 3");
        });

        // Far enough into the back-off, five seconds and more, that it is still waiting when it is asked again.
        await host.UntilAsync("broken", r => r is { State: "Restarting", Replicas: [{ Restarts: >= 7 }] });
        var (exitCode, output, _) = await host.CommandAsync("ps");

        Assert.Equal(0, exitCode);
        var lines = output.Split('\n');
        Assert.Matches(@"^NAME +STATE +HEALTH +PID +RESTARTS +UP +ADDRESS$", lines[0]);
        Assert.Matches(@"^server +Running +Healthy +\d+ +0 +\d+s +http://localhost:\d+$", lines[1]);
        Assert.Matches(@"^broken +Restarting +Unhealthy +- +\d+ +- +http://localhost:\d+  next try (in \d+\.\d s|now): exited with code 3$", lines[2]);
    }

    [Fact]
    public async Task PsAndDescribe_AsJson_AreWhatTheApiSays()
    {
        await using var host = await RunningHost.StartAsync(TestModels.ServerAndClient);
        await host.UntilAsync("client", r => r.Health == "Healthy");

        var ps = JsonSerializer.Deserialize((await host.CommandAsync("ps", "--json")).Output, ControlJson.Default.ListResourceView)!;
        var client = JsonSerializer.Deserialize((await host.CommandAsync("describe", "client", "--json")).Output, ControlJson.Default.ResourceView)!;

        Assert.Equal(["password", "server", "client"], ps.Select(r => r.Name));
        Assert.Equal(ps[2].Replicas[0], client.Replicas[0] with { Endpoints = ps[2].Replicas[0].Endpoints });
    }

    [Fact]
    public async Task Describe_OfAResource_ShowsItAllWithoutSecrets()
    {
        await using var host = await RunningHost.StartAsync(TestModels.ServerAndClient);
        await host.UntilAsync("client", r => r.Health == "Healthy");

        var (exitCode, output, _) = await host.CommandAsync("describe", "client");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"(?m)^waits for +server$", output);
        Assert.Matches(@"(?m)^commands +stop, restart, kill, pause$", output);
        Assert.Matches(@"(?m)^endpoint +http http://localhost:\d+$", output);
        Assert.Matches(@"(?m)^  client +Running +Healthy +\d+", output);
        Assert.Matches(@"(?m)^  PASSWORD +\*{6}$", output);
        Assert.DoesNotContain("s3cr", output, Ordinal);
    }

    [Fact]
    public async Task StopAndStart_OfAResource_LeaveItStoppedInBetween()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");

        Assert.Equal((0, "server stopped.\n", string.Empty), await host.CommandAsync("stop", "server"));
        Assert.Equal(("Exited", null), await StateAsync());

        Assert.Equal((0, "server started.\n", string.Empty), await host.CommandAsync("start", "server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");

        async Task<(string, int?)> StateAsync() => await host.ResourceAsync("server") is var r ? (r.State, r.Replicas[0].ProcessId) : default;
    }

    [Fact]
    public async Task Restart_OfWhatIsStopped_SaysHowToStartIt()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");
        await host.CommandAsync("stop", "server");

        var restart = await host.CommandAsync("restart", "server");
        var stop = await host.CommandAsync("stop", "server");

        Assert.Equal((1, string.Empty, "error: 'restart' cannot be done with 'server' now: it is Exited. First start it: start server\n"), restart);
        Assert.Equal((1, string.Empty, "error: 'stop' cannot be done with 'server' now: it is Exited.\n"), stop);
    }

    [Theory]
    [InlineData("own", "it has no process. See it: describe own\n")]
    [InlineData("part", "it has no process of its own. Do it with 'own', which it is in.\n")]
    public async Task Kill_OfWhatHasNoProcess_SaysWhatCanBeDone(string name, string expected)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddResource(new CustomChildResource("part", b.AddResource(new CustomResource("own")).Resource)));

        var (exitCode, _, error) = await host.CommandAsync("kill", name);

        Assert.Equal((1, $"error: 'kill' cannot be done with '{name}': {expected}"), (exitCode, error));
    }

    [Fact]
    public async Task Ps_WhileIsolatedInstancesRun_NamesThem()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await using var stopped = RunningHost.NotStarted();
        await using var mine = Isolated(host, "mine");
        await using var other = Isolated(host, "other");
        await using var first = Isolated(stopped, "1");
        await Isolated(stopped, "ended").DisposeAsync();

        var running = await host.CommandAsync("ps");
        var without = await stopped.CommandAsync("ps");

        Assert.Equal(0, running.ExitCode);
        Assert.Matches(@"^Isolated instances that run: mine, other\. See one: dotnet run .* -- --isolated=mine ps .*\n$", running.Error);
        Assert.Matches(@"^error: No instance of this app host is running\. .*\nIsolated instances that run: 1\. See one: dotnet run .* -- --isolated=1 ps .*\n$", without.Error);
    }

    [Fact]
    public async Task Logs_OfAResource_PrintsItsLines()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));

        await Eventually.TrueAsync(async () => (await host.CommandAsync("logs", "server")).Output.Split('\n').Order().SequenceEqual(["", "trouble", "up"]));
        var json = (await host.CommandAsync("logs", "server", "--json", "--tail", "1")).Output;

        Assert.Equal("server", JsonSerializer.Deserialize(json, ControlJson.Default.LogEntry)!.Replica);
    }

    [Fact]
    public async Task Stop_OfTheHost_ReturnsWhenItIsGone()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var lifetime = host.Application.Services.GetRequiredService<IHostApplicationLifetime>();
        var stop = host.CommandAsync("stop");
        await Eventually.TrueAsync(() => lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.False(stop.IsCompleted);

        await host.Application.StopAsync(TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await stop;
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^Stopped in \d+\.\d s\.\n$", output);
    }

    private static FileStream Isolated(RunningHost host, string name) =>
        HostInstance.TryLock(IsolatedState.Find(host.Directories.AppHost, host.Directories.State, name))!;
}
