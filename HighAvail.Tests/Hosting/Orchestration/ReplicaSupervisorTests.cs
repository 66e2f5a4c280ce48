using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class ReplicaSupervisorTests
{
    [Fact]
    public async Task Start_ReadinessPasses_GoesThroughStartingAndRunningToReady()
    {
        await using var replica = new SupervisedReplica();
        Assert.Equal(ReplicaState.Waiting, replica.Status.State);

        await replica.Supervisor.StartAsync();
        var status = await replica.WaitUntilReadyAsync();

        Assert.Equal(1000, status.ProcessId);
        Assert.Equal(replica.Time.GetUtcNow(), status.StartedAt);
        Assert.Equal(
            [
                (ReplicaState.Starting, ReplicaHealth.Unknown),
                (ReplicaState.Running, ReplicaHealth.Unknown),
                (ReplicaState.Running, ReplicaHealth.Healthy),
            ],
            replica.Statuses.Select(told => (told.State, told.Health)));
    }

    [Fact]
    public async Task Start_Twice_StartsOneProcess()
    {
        await using var replica = new SupervisedReplica();

        await replica.Supervisor.StartAsync();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        Assert.Equal(1, replica.Launcher.Count);
    }

    [Fact]
    public async Task Crash_AtEveryStart_ShowsGrowingDelays()
    {
        await using var replica = new SupervisedReplica(new() { Ready = _ => Task.FromResult(ProbeResult.Failed("refused")) });
        await replica.Supervisor.StartAsync();

        var delays = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            delays.Add((await replica.CrashAsync(i)).TotalMilliseconds);
        }

        Assert.Equal([0, 100, 200, 400, 800, 1600], delays);
        Assert.Equal(5, replica.Status.Restarts);
        Assert.Equal(1, replica.Status.ExitCode);
        Assert.Contains("code 1", replica.Status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 400)]
    [InlineData(31, 0)]
    public async Task Crash_AfterHealthyTime_StartsOverOnlyAfterThirtySeconds(int healthySeconds, double expectedMilliseconds)
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            _ = await replica.CrashAsync(i);
        }

        await replica.AdvanceUntilAsync(status => status.IsReady && status.Restarts == 3);
        await replica.AdvanceAsync(TimeSpan.FromSeconds(healthySeconds));

        Assert.Equal(expectedMilliseconds, (await replica.CrashAsync(3)).TotalMilliseconds);
    }

    [Fact]
    public async Task Exit_WhileAProbeHangs_IsNotReadyAtOnce()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        var hanging = new TaskCompletionSource();
        replica.Driver.Ready = _ =>
        {
            hanging.TrySetResult();
            return new TaskCompletionSource<ProbeResult>().Task;
        };
        await Eventually.AdvanceUntilAsync(replica.Time, () => hanging.Task.IsCompleted, "a probe hangs");

        replica.Launcher[0].Exit(139);

        var told = await replica.WaitForAsync(status => status.Restarts == 1);
        Assert.False(told.IsReady);
        Assert.Contains(replica.Statuses, status => status is { State: ReplicaState.Exited, ExitCode: 139, IsReady: false });
    }

    [Fact]
    public async Task Kill_Running_IsRestartedAtOnce()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        Assert.True(await replica.Supervisor.KillAsync());

        var status = await replica.WaitForAsync(status => status is { IsReady: true, Restarts: 1 });
        Assert.Equal(1001, status.ProcessId);
        Assert.Equal([StopSignal.Kill], replica.Launcher[0].Signals);
    }

    [Fact]
    public async Task Kill_NotRunning_SaysSo()
    {
        await using var replica = new SupervisedReplica();

        Assert.False(await replica.Supervisor.KillAsync());
    }

    [Fact]
    public async Task Pause_Running_IsToldUntilItIsResumed()
    {
        await using var replica = new SupervisedReplica();
        Assert.False(replica.Supervisor.Pause());
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        Assert.True(replica.Supervisor.Pause());

        Assert.True(replica.Launcher[0].IsPaused);
        Assert.True(replica.Status is { State: ReplicaState.Running, IsPaused: true });
        Assert.False(replica.Supervisor.Pause());
        Assert.True(replica.Supervisor.Resume());
        Assert.False(replica.Launcher[0].IsPaused);
        Assert.False(replica.Status.IsPaused);
        Assert.False(replica.Supervisor.Resume());
    }

    [Fact]
    public async Task Kill_Paused_IsRestartedAndNotPausedAnyMore()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        replica.Supervisor.Pause();

        Assert.True(await replica.Supervisor.KillAsync());

        var status = await replica.WaitForAsync(status => status is { IsReady: true, Restarts: 1 });
        Assert.False(status.IsPaused);
        Assert.Contains(replica.Statuses, told => told is { State: ReplicaState.Exited, IsPaused: false });
    }

    [Fact]
    public async Task Stop_Running_IsNotReadyBeforeTheSignalAndIsNotRestarted()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        await replica.Supervisor.StopAsync(systemStops: false);

        Assert.Equal([StopSignal.Terminate], replica.Launcher[0].Signals);
        Assert.Equal([ReplicaState.Stopping, ReplicaState.Exited], replica.Statuses.TakeLast(2).Select(status => status.State));
        Assert.True(replica.Status is { IsFinal: true, ExitCode: 0, ProcessId: null });
    }

    [Fact]
    public async Task Stop_Ended_ProbesNoMore()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        await replica.Supervisor.StopAsync(systemStops: false);
        var probes = replica.Driver.Probes;

        replica.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(probes, replica.Driver.Probes);
        Assert.Equal(1, replica.Launcher.Count);
    }

    [Fact]
    public async Task Stop_WhilePreparing_StartsNothing()
    {
        await using var replica = new SupervisedReplica();
        var preparing = new TaskCompletionSource();
        replica.Driver.Prepare = async cancellationToken =>
        {
            preparing.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        await replica.Supervisor.StartAsync();
        await preparing.Task;

        await replica.Supervisor.StopAsync(systemStops: false);

        Assert.True(replica.Status is { State: ReplicaState.Exited, IsFinal: true });
        Assert.Equal(0, replica.Launcher.Count);
    }

    [Fact]
    public async Task Stop_WhileWaitingForARestart_EndsAtOnce()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        _ = await replica.CrashAsync(0);
        _ = await replica.CrashAsync(1);

        await replica.Supervisor.StopAsync(systemStops: false);
        replica.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(replica.Status is { State: ReplicaState.Exited, IsFinal: true, ExitCode: 1 });
        Assert.Equal(2, replica.Launcher.Count);
    }

    [Fact]
    public async Task Stop_Ignored_KillsTheGroupAfterTheLimit()
    {
        await using var replica = new SupervisedReplica();
        replica.Launcher.OnStart = process => process.IgnoresStop = true;
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        var stop = replica.Supervisor.StopAsync(systemStops: false);
        var took = await Eventually.AdvanceUntilAsync(replica.Time, () => stop.IsCompleted, "stopped");

        Assert.InRange(took, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
        Assert.Equal([StopSignal.Terminate, StopSignal.Kill], replica.Launcher[0].Signals);
        Assert.Contains("within 20 s", replica.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_SystemStopsWhileDraining_HurriesWithTheOtherSignal()
    {
        await using var replica = new SupervisedReplica();
        replica.Launcher.OnStart = process => process.IgnoresStop = true;
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        var draining = replica.Supervisor.StopAsync(systemStops: false);
        await Eventually.TrueAsync(() => !replica.Launcher[0].Signals.IsEmpty, "draining");
        replica.Launcher[0].IgnoresStop = false;

        await replica.Supervisor.StopAsync(systemStops: true);

        await draining;
        Assert.Equal([StopSignal.Terminate, StopSignal.Interrupt], replica.Launcher[0].Signals);
    }

    [Fact]
    public async Task Kill_WhileStopping_EndsTheStop()
    {
        await using var replica = new SupervisedReplica();
        replica.Launcher.OnStart = process => process.IgnoresStop = true;
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        var stop = replica.Supervisor.StopAsync(systemStops: false);

        Assert.True(await replica.Supervisor.KillAsync());

        await stop;
        Assert.True(replica.Status is { IsFinal: true, ExitCode: 137 });
    }

    [Fact]
    public async Task Restart_Running_ReplacesTheProcessWithoutCounting()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        await replica.Supervisor.RestartAsync();

        var status = await replica.WaitForAsync(status => status is { IsReady: true, ProcessId: 1001 });
        Assert.Equal(0, status.Restarts);
        Assert.Equal([StopSignal.Terminate], replica.Launcher[0].Signals);
    }

    [Fact]
    public async Task Prepare_Fails_IsTriedAgain()
    {
        await using var replica = new SupervisedReplica();
        var attempts = 0;
        replica.Driver.Prepare = _ => ++attempts == 1 ? throw new IOException("port 7443 is taken") : Task.CompletedTask;

        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        Assert.Contains(
            replica.Statuses,
            status => status is { State: ReplicaState.FailedToStart, Message: "port 7443 is taken", IsFinal: false });
        Assert.Equal(1, replica.Status.Restarts);
    }

    [Fact]
    public async Task Prepare_ConfigurationIsWrong_IsFinalUntilStartedAgain()
    {
        await using var replica = new SupervisedReplica();
        replica.Driver.Prepare = _ => throw new ReplicaConfigurationException("no such endpoint");
        await replica.Supervisor.StartAsync();

        var failed = await replica.WaitForAsync(status => status.IsFinal);

        Assert.True(failed is { State: ReplicaState.FailedToStart, Message: "no such endpoint" });
        replica.Driver.Prepare = _ => Task.CompletedTask;
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
    }

    [Theory]
    [InlineData(0, nameof(ReplicaState.Finished))]
    [InlineData(3, nameof(ReplicaState.Exited))]
    public async Task Exit_OfAProgramThatRunsToCompletion_IsFinal(int exitCode, string state)
    {
        await using var replica = new SupervisedReplica(restartPolicy: RestartPolicy.Never);
        replica.Launcher.OnStart = process => process.Exit(exitCode);
        await replica.Supervisor.StartAsync();

        var status = await replica.WaitForAsync(status => status.IsFinal);

        Assert.Equal(Enum.Parse<ReplicaState>(state), status.State);
        Assert.Equal(exitCode, status.ExitCode);
        Assert.Equal(1, replica.Launcher.Count);
    }
}
