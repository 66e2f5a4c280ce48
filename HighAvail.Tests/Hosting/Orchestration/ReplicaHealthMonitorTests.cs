using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class ReplicaHealthMonitorTests
{
    private static Task<ProbeResult> Hang(CancellationToken cancellationToken) => new TaskCompletionSource<ProbeResult>().Task;

    [Fact]
    public async Task Readiness_DefiniteNo_IsUnhealthyAtOnceAndProbedFasterUntilItRecovers()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        var failures = 0;
        replica.Driver.Ready = _ => Task.FromResult(++failures == 1 ? ProbeResult.Failed("draining") : ProbeResult.Passed);

        await replica.AdvanceUntilAsync(_ => failures == 1);
        var unhealthy = await replica.WaitForAsync(status => status.Health == ReplicaHealth.Unhealthy);
        var recovery = await replica.AdvanceUntilAsync(status => status.IsReady);

        Assert.Equal("draining", unhealthy.Message);
        Assert.InRange(recovery, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(900));
        Assert.Equal(1, replica.Launcher.Count);
    }

    [Fact]
    public async Task Readiness_OneMissingAnswer_StaysHealthy()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        var probes = 0;
        replica.Driver.Ready = _ => Task.FromResult(++probes == 1 ? ProbeResult.Inconclusive("time-out") : ProbeResult.Passed);

        await replica.AdvanceUntilAsync(_ => probes >= 3);

        Assert.DoesNotContain(replica.Statuses, status => status.Health == ReplicaHealth.Unhealthy);
    }

    [Fact]
    public async Task Readiness_TwoMissingAnswers_IsUnhealthyButNotRestartedWhileAlive()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        replica.Driver.Ready = _ => throw new HttpRequestException("cut");

        await replica.AdvanceUntilAsync(status => status is { Health: ReplicaHealth.Unhealthy, Message: "cut" });
        await replica.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, replica.Launcher.Count);
    }

    [Fact]
    public async Task Readiness_NoProbe_RunningIsReady()
    {
        await using var replica = new SupervisedReplica(new() { HasReadinessProbe = false, HasLivenessProbe = false });

        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();

        Assert.Equal(0, replica.Driver.Probes);
    }

    [Fact]
    public async Task Liveness_ReadyReplica_IsNotAsked()
    {
        var asked = 0;
        await using var replica = new SupervisedReplica();
        replica.Driver.Alive = _ =>
        {
            asked++;
            return Task.FromResult(ProbeResult.Passed);
        };
        await replica.Supervisor.StartAsync();

        await replica.AdvanceUntilAsync(_ => replica.Driver.Probes >= 4);

        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Liveness_HangsForTenSeconds_IsReplacedAndCounted()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        replica.Driver.Ready = Hang;
        replica.Driver.Alive = Hang;

        var took = await replica.AdvanceUntilAsync(status => status.Restarts == 1, stepMilliseconds: 250);

        Assert.InRange(took, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        Assert.Equal([StopSignal.Kill], replica.Launcher[0].Signals);
        Assert.Contains(
            replica.Statuses,
            status => status is { State: ReplicaState.Exited, ExitCode: 137, Message: "did not answer for 10 s: no answer within 2 s" });
    }

    [Fact]
    public async Task Liveness_RecoversInTime_IsLeftAlone()
    {
        await using var replica = new SupervisedReplica();
        await replica.Supervisor.StartAsync();
        await replica.WaitUntilReadyAsync();
        replica.Driver.Ready = _ => Task.FromResult(ProbeResult.Failed("no"));
        var silentUntil = replica.Time.GetUtcNow() + TimeSpan.FromSeconds(8);
        replica.Driver.Alive = _ => Task.FromResult(
            replica.Time.GetUtcNow() < silentUntil ? ProbeResult.Inconclusive("silent") : ProbeResult.Passed);

        await replica.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, replica.Launcher.Count);
    }

    [Fact]
    public async Task Liveness_NeverAliveWithinTheStartUpLimit_IsReplaced()
    {
        await using var replica = new SupervisedReplica();
        replica.Driver.Ready = _ => Task.FromResult(ProbeResult.Failed("refused"));
        replica.Driver.Alive = _ => Task.FromResult(ProbeResult.Failed("refused"));
        await replica.Supervisor.StartAsync();

        var took = await replica.AdvanceUntilAsync(status => status.Restarts == 1, stepMilliseconds: 250);

        Assert.InRange(took, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(70));
        Assert.DoesNotContain(replica.Statuses, status => status.Health == ReplicaHealth.Unhealthy);
    }
}
