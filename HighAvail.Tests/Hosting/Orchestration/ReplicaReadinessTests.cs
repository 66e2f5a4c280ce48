using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Hosting.Orchestration;

public sealed class ReplicaReadinessTests : IDisposable
{
    private readonly LogStore _logs = new(null, new LogOptions(), TimeProvider.System, NullLogger<LogStore>.Instance);

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Wait_NeverReady_GivesUpAfterTheLimitAndShowsTheEndOfTheLog()
    {
        await using var replica = new SupervisedReplica(new() { Ready = _ => Task.FromResult(ProbeResult.Failed("answered 503")) });
        _logs.For("orders-0").Append(isError: true, "Unhandled exception: no luck");
        _logs.For("orders-0").Append(isError: true, "   at Program.Main()");
        var wait = await BeginAsync(replica);

        var waited = await Eventually.AdvanceUntilAsync(replica.Time, () => wait.IsCompleted, "the wait ends", stepMilliseconds: 250);

        Assert.InRange(waited, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
        var exception = await Assert.ThrowsAsync<ReplicaNotReadyException>(() => wait);
        Assert.Equal(
            $"'orders-0' did not become ready within 60 s: answered 503. Its log is {Path.Combine("logs", "orders-0.log")}, and says:{Environment.NewLine}  Unhandled exception: no luck{Environment.NewLine}",
            exception.Message);
    }

    [Fact]
    public async Task Wait_CrashesThreeTimes_IsReadyAtLast()
    {
        await using var replica = new SupervisedReplica(new() { Ready = _ => Task.FromResult(ProbeResult.Failed("not yet")) });
        var wait = await BeginAsync(replica);
        for (var crash = 0; crash < 3; crash++)
        {
            await replica.CrashAsync(crash);
        }

        Assert.False(wait.IsCompleted);
        replica.Driver.Ready = _ => Task.FromResult(ProbeResult.Passed);
        await Eventually.AdvanceUntilAsync(replica.Time, () => wait.IsCompleted, "the wait ends");

        await wait;
        Assert.True(replica.Status.IsReady);
    }

    [Fact]
    public async Task Wait_CrashesFourTimes_GivesUpLongBeforeTheLimit()
    {
        await using var replica = new SupervisedReplica(new() { Ready = _ => Task.FromResult(ProbeResult.Failed("not yet")) });
        var wait = await BeginAsync(replica);
        for (var crash = 0; crash < 4; crash++)
        {
            await replica.CrashAsync(crash);
        }

        var exception = await Assert.ThrowsAsync<ReplicaNotReadyException>(() => wait);
        Assert.StartsWith("'orders-0' did not become ready: exited with code 1.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_WithoutAHealthCheck_TakesUntilItHasRunForAWhile()
    {
        await using var replica = new SupervisedReplica(new() { HasReadinessProbe = false, HasLivenessProbe = false });
        var wait = await BeginAsync(replica);
        await replica.WaitUntilReadyAsync();
        replica.Launcher[0].Exit(1);

        await replica.WaitForAsync(s => s.Restarts == 1 && s.IsReady);
        Assert.False(wait.IsCompleted);
        var waited = await Eventually.AdvanceUntilAsync(replica.Time, () => wait.IsCompleted, "the wait ends");

        await wait;
        Assert.InRange(waited, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task Wait_StoppedMeanwhile_SaysSo()
    {
        await using var replica = new SupervisedReplica(new() { Ready = _ => Task.FromResult(ProbeResult.Failed("not yet")) });
        var wait = await BeginAsync(replica);
        await replica.WaitForAsync(s => s.State == ReplicaState.Running);
        var stop = replica.Supervisor.StopAsync(systemStops: false);
        replica.Launcher[0].Exit(0);
        await stop;

        var exception = await Assert.ThrowsAsync<ReplicaNotReadyException>(() => wait);
        Assert.StartsWith("'orders-0' did not become ready: ", exception.Message, StringComparison.Ordinal);
    }

    private async Task<Task> BeginAsync(SupervisedReplica replica)
    {
        await replica.Supervisor.StartAsync();
        return new ReplicaReadiness(_logs, "logs", new(), replica.Time).WaitAsync(
            "orders-0", replica.Supervisor, replica.Driver.HasReadinessProbe, TestContext.Current.CancellationToken);
    }
}
