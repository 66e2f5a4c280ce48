using System.Net;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Networking;
using HighAvail.Tests.Hosting.Control;
using static System.StringComparison;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>Rolling restarts of real processes, whose builds are scripts.</summary>
public sealed class RollingRestartTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Roll_OfAllReplicas_RunsTheNewBuildWithNeverFewerReadyThanBefore(int replicas)
    {
        await using var host = await StartAsync(ScriptProject.Server("first"), replicas);
        var before = await ReadyAsync(host, replicas);
        await using var record = new ReadyRecord(host, "web");
        ScriptProject.Build(host.Directories.AppHost, "web", ScriptProject.Server("second"));

        var (exitCode, output, error) = await host.CommandAsync("rolling-restart", "web");

        Assert.Equal((0, "web restarted one by one.\n", string.Empty), (exitCode, output, error));
        await record.AssertNeverFewerAsync(replicas);
        Assert.Equal(replicas + 1, record.Published.Max());
        var after = await host.ResourceAsync("web");
        Assert.Equal(before.Replicas.Select(r => r.Name), after.Replicas.Select(r => r.Name));
        Assert.Empty(before.Replicas.Select(r => r.ProcessId).Intersect(after.Replicas.Select(r => r.ProcessId)));
        Assert.All(after.Replicas, r => Assert.Equal(0, r.Restarts));
        foreach (var replica in after.Replicas)
        {
            await Eventually.TrueAsync(async () => (await host.CommandAsync("logs", replica.Name, "-n", "1")).Output == "second\n");
        }
    }

    [Fact]
    public async Task Roll_NewBuildCrashesAtEveryStart_OldProcessesRunOnAndTheMessageSaysWhy()
    {
        await using var host = await StartAsync(ScriptProject.Server("first"), 2);
        var before = await ReadyAsync(host, 2);
        await using var record = new ReadyRecord(host, "web");
        ScriptProject.Build(host.Directories.AppHost, "web", "echo 'the setting X is missing' >&2; exit 3");

        var (exitCode, output, error) = await host.CommandAsync("rolling-restart", "web");

        Assert.Equal((1, string.Empty), (exitCode, output));
        Assert.StartsWith("error: The rolling restart of 'web' has stopped. 'web-2' did not become ready: exited with code 3. Its log is ", error, Ordinal);
        Assert.Contains(Path.Combine(host.Directories.Logs, "web-2.log"), error, Ordinal);
        Assert.Contains("the setting X is missing", error, Ordinal);
        await record.AssertNeverFewerAsync(2);
        var after = await host.ResourceAsync("web");
        Assert.Equal(before.Replicas.Select(r => (r.Name, r.ProcessId)), after.Replicas.Select(r => (r.Name, r.ProcessId)));

        // After a crash it is the old build that is started, and the command can be given again.
        await host.CommandAsync("kill", "web-1");
        await host.UntilAsync("web", r => r is { Health: "Healthy", Replicas: [_, { Restarts: 1 }] });
        ScriptProject.Build(host.Directories.AppHost, "web", ScriptProject.Server("third"));
        Assert.Equal(0, (await host.CommandAsync("rolling-restart", "web")).ExitCode);
    }

    [Fact]
    public async Task Roll_SecondReplicaDoesNotStartAgain_TheExtraStaysInItsPlace()
    {
        await using var host = await StartAsync(ScriptProject.Server("first"), 2);
        var before = await ReadyAsync(host, 2);
        await using var record = new ReadyRecord(host, "web");
        var once = Path.Combine(host.Directories.AppHost, "once");
        ScriptProject.Build(host.Directories.AppHost, "web", $"mkdir {once} && exec sleep 600");

        var (exitCode, _, error) = await host.CommandAsync("rolling-restart", "web");

        Assert.Equal(1, exitCode);
        Assert.Contains("'web-0' did not become ready: exited with code 1.", error, Ordinal);
        Assert.Contains("'web-2' stays, so that there are not fewer ready ones than before; `scale web 2` takes it away.", error, Ordinal);
        await record.AssertNeverFewerAsync(2);
        var after = await host.ResourceAsync("web");
        Assert.Equal(["web-0", "web-1", "web-2"], after.Replicas.Select(r => r.Name));
        Assert.Equal(before.Replicas[1].ProcessId, after.Replicas[1].ProcessId);

        Directory.Delete(once);
        await host.UntilAsync("web", r => r.Health == "Healthy");
        Assert.Equal(0, (await host.CommandAsync("scale", "web", "2")).ExitCode);
        Assert.Equal(["web-0", "web-1"], (await host.ResourceAsync("web")).Replicas.Select(r => r.Name));
    }

    [Fact]
    public async Task Roll_ReplicasKilledMeanwhile_GoesOn()
    {
        var go = $"/tmp/highavail-test-{Guid.NewGuid():N}";
        await using var host = await StartAsync(ScriptProject.DrainsUntil(go), 2);
        var before = await ReadyAsync(host, 2);
        var roll = host.CommandAsync("rolling-restart", "web");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-0", State: "Stopping" }));

        await host.CommandAsync("kill", "web-2");
        await host.CommandAsync("kill", "web-0");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-1", State: "Stopping" }));
        await host.CommandAsync("kill", "web-1");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-2", State: "Stopping" }));
        await File.WriteAllTextAsync(go, string.Empty, Cancelled);

        Assert.Equal((0, "web restarted one by one.\n", string.Empty), await roll);
        File.Delete(go);
        var after = await ReadyAsync(host, 2);
        Assert.Empty(before.Replicas.Select(r => r.ProcessId).Intersect(after.Replicas.Select(r => r.ProcessId)));
    }

    [Fact]
    public async Task Roll_WhileOneIsUnderWay_ASecondAndAScaleAreRefusedAndOthersAreNot()
    {
        var go = $"/tmp/highavail-test-{Guid.NewGuid():N}";
        await using var host = await RunningHost.StartAsync(b =>
        {
            b.AddScript("web", ScriptProject.DrainsUntil(go)).WithReplicas(2);
            b.AddScript("other", ScriptProject.Server("first")).WithReplicas(1);
        });
        await ReadyAsync(host, 2);
        await host.UntilAsync("other", r => r.Health == "Healthy");
        var roll = host.CommandAsync("rolling-restart", "web");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-0", State: "Stopping" }));

        using var second = await host.Http.PostAsync("api/resources/web/commands/rolling-restart", null, Cancelled);
        var scale = await host.CommandAsync("scale", "web", "3");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal((1, string.Empty, "error: 'web' is being restarted one by one. Try again when that is done.\n"), scale);
        Assert.Equal(0, (await host.CommandAsync("scale", "other", "2")).ExitCode);
        await File.WriteAllTextAsync(go, string.Empty, Cancelled);
        Assert.Equal(0, (await roll).ExitCode);
        Assert.Equal(0, (await host.CommandAsync("scale", "web", "1")).ExitCode);
        File.Delete(go);
    }

    [Fact]
    public async Task Stop_DuringARoll_EndsItAndLeavesEverythingStopped()
    {
        var go = $"/tmp/highavail-test-{Guid.NewGuid():N}";
        await using var host = await StartAsync(ScriptProject.DrainsUntil(go), 2);
        await ReadyAsync(host, 2);
        var roll = host.CommandAsync("rolling-restart", "web");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-0", State: "Stopping" }));

        var stop = host.CommandAsync("stop", "web");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-1", State: "Stopping" }));
        await File.WriteAllTextAsync(go, string.Empty, Cancelled);

        Assert.Equal(0, (await stop).ExitCode);
        Assert.Equal((1, string.Empty, "error: 'web' was stopped while it was being restarted one by one.\n"), await roll);
        File.Delete(go);
        var stopped = await host.ResourceAsync("web");
        Assert.Equal(("Exited", 2), (stopped.State, stopped.Replicas.Count));
        Assert.All(stopped.Replicas, r => Assert.Null(r.ProcessId));
        Assert.Equal(0, (await host.CommandAsync("start", "web")).ExitCode);
        await ReadyAsync(host, 2);
    }

    [Fact]
    public async Task HostStop_DuringARoll_DoesNotWaitForTheDrain()
    {
        await using var host = await StartAsync(ScriptProject.DrainsUntil("/nonexistent/go"), 2);
        var before = await ReadyAsync(host, 2);
        var roll = host.CommandAsync("rolling-restart", "web");
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-0", State: "Stopping" }));
        var began = TimeProvider.System.GetTimestamp();

        await host.Application.StopAsync(Cancelled);

        // Draining alone may take 20 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal(1, (await roll).ExitCode);
        Assert.All(before.Replicas, r => Assert.False(LinuxProcesses.IsRunning(r.ProcessId!.Value)));
    }

    [Fact]
    public async Task Roll_GivenUpByWhoAsked_LeavesAsManyReadyAsBefore()
    {
        var go = $"/tmp/highavail-test-{Guid.NewGuid():N}";
        await using var host = await StartAsync(ScriptProject.DrainsUntil(go), 2);
        var before = await ReadyAsync(host, 2);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var roll = host.Http.PostAsync("api/resources/web/commands/rolling-restart", null, gone.Token);
        await host.UntilAsync("web", r => r.Replicas.Any(p => p is { Name: "web-0", State: "Stopping" }));

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => roll);
        await using var record = new ReadyRecord(host, "web");
        await File.WriteAllTextAsync(go, string.Empty, Cancelled);

        var after = await ReadyAsync(host, 2);
        File.Delete(go);
        await record.AssertNeverFewerAsync(2);
        Assert.NotEqual(before.Replicas[0].ProcessId, after.Replicas[0].ProcessId);
        Assert.Equal(before.Replicas[1].ProcessId, after.Replicas[1].ProcessId);
    }

    [Fact]
    public async Task Roll_WithOneThatSomebodyStopped_LeavesThatStopped()
    {
        await using var host = await StartAsync(ScriptProject.Server("first"), 2);
        var before = await ReadyAsync(host, 2);
        await host.CommandAsync("stop", "web-1");
        await using var record = new ReadyRecord(host, "web");

        Assert.Equal(0, (await host.CommandAsync("rolling-restart", "web")).ExitCode);

        await record.AssertNeverFewerAsync(1);
        var after = await host.ResourceAsync("web");
        Assert.Equal([("web-0", "Running"), ("web-1", "Exited")], after.Replicas.Select(r => (r.Name, r.State)));
        Assert.NotEqual(before.Replicas[0].ProcessId, after.Replicas[0].ProcessId);
    }

    [Fact]
    public async Task Roll_OfTheOnlyOneOnAPortOfItsOwn_StandsInOnAnother()
    {
        using var folder = new TemporaryFolder();
        var target = PortAllocator.Next();
        await using var app = RunningHost.Build(
            folder.Path,
            b => b.AddScript("web", ScriptProject.Server("first")).WithEndpoint("http", e => (e.Port, e.TargetPort) = (PortAllocator.Next(), target)),
            randomizePorts: false);
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web-0", Cancelled);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var addresses = AddressesAsync(app, ended.Token);

        var rolled = await app.ResourceCommands.ExecuteCommandAsync("web", "rolling-restart", Cancelled);

        Assert.True(rolled.Success, rolled.Message);
        await ended.CancelAsync();
        var seen = await addresses;
        Assert.Contains(("web-0", target), seen);
        Assert.Contains(seen, a => a.Replica == "web-1");
        Assert.All(seen, a => Assert.Equal(a.Replica == "web-0", a.Port == target));
    }

    /// <summary>Where replicas ran, until it is cancelled.</summary>
    private static async Task<HashSet<(string Replica, int Port)>> AddressesAsync(DistributedApplication app, CancellationToken ended)
    {
        var seen = new HashSet<(string, int)>();
        try
        {
            await foreach (var change in app.ResourceNotifications.WatchAsync(ended))
            {
                seen.UnionWith(change.Snapshot.Urls.Where(u => u.IsInternal).Select(u => (change.ResourceId, new Uri(u.Url).Port)));
            }
        }
        catch (OperationCanceledException)
        {
            // That is its end.
        }

        return seen;
    }

    private static Task<RunningHost> StartAsync(string script, int replicas) =>
        RunningHost.StartAsync(b => b.AddScript("web", script).WithReplicas(replicas));

    private static Task<ResourceView> ReadyAsync(RunningHost host, int replicas) =>
        host.UntilAsync("web", r => r.Replicas.Count == replicas && r.Replicas.All(p => p.Health == "Healthy"));
}
