using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>A supervisor on fake time with a fake launcher, and every status it told.</summary>
internal sealed class SupervisedReplica : IAsyncDisposable
{
    private readonly List<ReplicaStatus> _statuses = [];
    private int _telling;

    public SupervisedReplica(FakeReplicaDriver? driver = null, RestartPolicy restartPolicy = RestartPolicy.Always)
    {
        Driver = driver ?? new();
        Launcher = new(Time);
        var options = new SupervisionOptions { Backoff = new() { Jitter = 0 } };
        Supervisor = new("orders-0", Driver, Launcher, restartPolicy, (_, _) => { }, Record, options, Time, new Random(1));
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeReplicaDriver Driver { get; }

    public FakeProcessLauncher Launcher { get; }

    public ReplicaSupervisor Supervisor { get; }

    public ReplicaStatus Status => Supervisor.Status;

    public IReadOnlyList<ReplicaStatus> Statuses
    {
        get
        {
            lock (_statuses)
            {
                return [.. _statuses];
            }
        }
    }

    public Task<ReplicaStatus> WaitForAsync(Func<ReplicaStatus, bool> condition) =>
        Supervisor.WaitForAsync(condition, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));

    public Task<ReplicaStatus> WaitUntilReadyAsync() => WaitForAsync(status => status.IsReady);

    public Task<TimeSpan> AdvanceUntilAsync(Func<ReplicaStatus, bool> condition, int stepMilliseconds = 50) =>
        Eventually.AdvanceUntilAsync(Time, () => condition(Status), $"status is {Status}", stepMilliseconds);

    /// <summary>Moves the clock on in steps, so that whatever repeats does so as often as it would.</summary>
    public Task AdvanceAsync(TimeSpan duration)
    {
        var end = Time.GetUtcNow() + duration;
        return AdvanceUntilAsync(_ => Time.GetUtcNow() >= end, stepMilliseconds: 250);
    }

    /// <summary>Waits for the process with this index, lets it exit, and returns how long supervision then waits.</summary>
    public async Task<TimeSpan> CrashAsync(int index)
    {
        await Eventually.AdvanceUntilAsync(
            Time,
            () => Launcher.Count > index && Status.ProcessId == Launcher[index].Id,
            $"process {index} runs",
            stepMilliseconds: 10);
        var now = Time.GetUtcNow();
        Launcher[index].Exit(1);
        await Eventually.TrueAsync(() => Crash(index) is not null, $"process {index} is seen to be gone");
        return Crash(index)!.NextRestartAt!.Value - now;
    }

    public ValueTask DisposeAsync() => Supervisor.DisposeAsync();

    private ReplicaStatus? Crash(int index) =>
        Statuses.FirstOrDefault(told => told.State == ReplicaState.Exited && told.Restarts == index && told.NextRestartAt is not null);

    private void Record(ReplicaStatus status)
    {
        Assert.Equal(1, Interlocked.Increment(ref _telling));
        lock (_statuses)
        {
            _statuses.Add(status);
        }

        Interlocked.Decrement(ref _telling);
    }
}
