using System.Collections.Concurrent;
using HighAvail.Drill;
using HighAvail.Drill.Faults;
using HighAvail.Drill.Systems;
using HighAvail.Tests.Hosting.Control;
using HighAvail.Tests.Hosting.Orchestration;

namespace HighAvail.Tests.Drill.Faults;

/// <summary>Faults made with a real host and real processes.</summary>
public class FaultInjectorTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Inject_Steps_AreDoneInOrderAndMarked()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var before = await host.UntilAsync("server", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        var marks = new ConcurrentQueue<string>();

        var refused = await Assert.ThrowsAsync<DrillException>(() => Injector(system, marks).InjectAsync(
            Scenario("pause one server\n wait 1ms\n resume one server\n kill all but one server\n kill server\n kill server-x"), Cancelled));

        Assert.Contains("'server-x'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["pause server", "resume server", "kill server", "kill server-x"], marks);
        var after = await host.UntilAsync("server", r => r is { State: "Running", Health: "Healthy" });
        Assert.NotEqual(before.Replicas[0].ProcessId, after.Replicas[0].ProcessId);
    }

    [Fact]
    public async Task Inject_EndsEarly_WhatWasPausedOrStoppedGoesOn()
    {
        await using var host = await RunningHost.StartAsync(b =>
        {
            b.AddServer("first");
            b.AddServer("second");
        });
        await host.UntilAsync("second", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        using var early = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);

        var injecting = Injector(system, []).InjectAsync(Scenario("pause first\n stop second\n wait 1h"), early.Token);
        await host.UntilAsync("first", r => r.State == "Paused");
        await host.UntilAsync("second", r => r.State == "Exited");
        await early.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => injecting);
        await host.UntilAsync("first", r => r.State == "Running");
        await host.UntilAsync("second", r => r.State == "Running");
    }

    [Fact]
    public async Task WhyNot_OfWhatTheHostCannotDo_SaysWhat()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        var resources = await system.Control.ResourcesAsync(Cancelled);

        Assert.Null(FaultInjector.WhyNot(Scenario("kill server\n wait 3s\n wait for one server to start"), resources));
        Assert.Equal("the host has no command 'scale'", FaultInjector.WhyNot(Scenario("kill server\n scale server 3"), resources));
        Assert.Equal("there is no resource or replica 'orders'", FaultInjector.WhyNot(Scenario("kill one orders"), resources));
    }

    [Fact]
    public async Task Inject_ReplicaHasNoProcessYet_TheStepIsTriedAgainUntilItHas()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var before = await host.UntilAsync("server", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        var marks = new ConcurrentQueue<string>();
        await system.Control.ExecuteAsync("server", "stop", null, Cancelled);

        var refused = await Assert.ThrowsAsync<NotMadeException>(
            () => Injector(system, [], TimeSpan.FromMilliseconds(1)).InjectAsync(Scenario("kill server"), Cancelled));
        var injecting = Injector(system, marks).InjectAsync(Scenario("pause server"), Cancelled);
        await Eventually.TrueAsync(() => marks.Contains("pause server"));
        await system.Control.ExecuteAsync("server", "start", null, Cancelled);
        await injecting;

        Assert.Contains("'server'", refused.Message, StringComparison.Ordinal);
        var after = await host.UntilAsync("server", r => r.State == "Running");
        Assert.NotEqual(before.Replicas[0].ProcessId, after.Replicas[0].ProcessId);
        Assert.Equal(["pause server", "resume server"], marks);
    }

    [Fact]
    public async Task Inject_WhatRunsAlreadyIsStartedOrResumed_IsDone()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        var marks = new ConcurrentQueue<string>();

        await Injector(system, marks).InjectAsync(Scenario("resume server\n start server"), Cancelled);

        Assert.Equal(["resume server", "start server"], marks);
    }

    [Fact]
    public async Task Inject_WaitsForAStart_ItIsThatOfAnotherProcess()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var before = await host.UntilAsync("server", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);

        await Injector(system, []).InjectAsync(Scenario("kill one server\n wait for one server to start"), Cancelled);

        var after = await system.Control.ResourcesAsync(Cancelled);
        Assert.NotEqual(before.Replicas[0].ProcessId, after.Single(r => r.Name == "server").Replicas[0].ProcessId);
        await Assert.ThrowsAsync<NotMadeException>(() => Injector(system, [], TimeSpan.FromMilliseconds(50)).InjectAsync(
            Scenario("stop server\n wait for server to start"), Cancelled));
    }

    [Fact]
    public async Task Inject_RollingRestartAndScale_AreDone()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddScript("web", ScriptProject.Server("first")).WithReplicas(2));
        var before = await host.UntilAsync("web", r => r.Replicas.Count(p => p.Health == "Healthy") == 2);
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        var marks = new ConcurrentQueue<string>();
        var scenario = Scenario("rolling-restart web\n scale web 3\n scale web 2");
        Assert.Null(FaultInjector.WhyNot(scenario, await system.Control.ResourcesAsync(Cancelled)));

        await Injector(system, marks).InjectAsync(scenario, Cancelled);

        Assert.Equal(["rolling-restart web", "scale web 3", "scale web 2"], marks);
        var after = await host.ResourceAsync("web");
        Assert.Equal(["web-0", "web-1"], after.Replicas.Select(r => r.Name));
        Assert.Empty(before.Replicas.Select(r => r.ProcessId).Intersect(after.Replicas.Select(r => r.ProcessId)));
        await Assert.ThrowsAsync<DrillException>(() => Injector(system, []).InjectAsync(Scenario("scale web 99"), Cancelled));
    }

    private static FaultInjector Injector(RunningSystem system, ConcurrentQueue<string> marks, TimeSpan? patience = null) =>
        new(system, new Random(1), patience ?? TimeSpan.FromMinutes(1), TimeProvider.System, marks.Enqueue);

    private static Scenario Scenario(string steps) => new ScenarioFile("test").Parse($"test: a test\n {steps}").Single();
}
