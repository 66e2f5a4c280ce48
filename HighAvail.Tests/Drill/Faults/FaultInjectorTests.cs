using System.Collections.Concurrent;
using HighAvail.Drill;
using HighAvail.Drill.Faults;
using HighAvail.Drill.Systems;
using HighAvail.Tests.Hosting.Control;

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

    private static FaultInjector Injector(RunningSystem system, ConcurrentQueue<string> marks) => new(system, new Random(1), TimeProvider.System, marks.Enqueue);

    private static Scenario Scenario(string steps) => new ScenarioFile("test").Parse($"test: a test\n {steps}").Single();
}
