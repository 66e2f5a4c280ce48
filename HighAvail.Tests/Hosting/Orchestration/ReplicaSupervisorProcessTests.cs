using System.Collections.Concurrent;
using System.Diagnostics;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>The supervisor with real processes and the real clock.</summary>
public class ReplicaSupervisorProcessTests
{
    private readonly CancellationToken _cancellationToken = TestContext.Current.CancellationToken;

    public ReplicaSupervisorProcessTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell is needed");

    private static ReplicaSupervisor Supervise(
        string script,
        Action<bool, string>? output = null,
        Action<ReplicaStatus>? changed = null,
        TimeSpan? stopTimeout = null) => new(
        "orders-0",
        new FakeReplicaDriver { Spec = ShellProgram.Spec(script) with { StopTimeout = stopTimeout ?? TimeSpan.FromSeconds(20) } },
        ProcessLauncher.Create(TimeProvider.System, NullLogger.Instance),
        RestartPolicy.Always,
        output ?? ((_, _) => { }),
        changed ?? (_ => { }),
        new(),
        TimeProvider.System,
        new Random(1));

    [Fact]
    public async Task ProcessKilled_Running_IsNotReadyAndComesBack()
    {
        var states = new ConcurrentQueue<(ReplicaState State, bool IsReady)>();
        await using var supervisor = Supervise("exec sleep 600", changed: status => states.Enqueue((status.State, status.IsReady)));
        await supervisor.StartAsync();
        var before = await supervisor.WaitForAsync(status => status.IsReady, _cancellationToken);

        using (var victim = Process.GetProcessById(before.ProcessId!.Value))
        {
            victim.Kill();
        }

        var after = await supervisor.WaitForAsync(status => status is { IsReady: true, Restarts: 1 }, _cancellationToken);
        Assert.NotEqual(before.ProcessId, after.ProcessId);
        var told = states.ToList();
        var exited = told.FindIndex(told.FindIndex(status => status.IsReady), status => status.State == ReplicaState.Exited);
        Assert.InRange(told.FindLastIndex(status => status.IsReady), exited + 1, told.Count);
        Assert.True(exited > 0);
    }

    [Fact]
    public async Task Stop_IgnoredByTheProcess_KillsItAfterTheLimit()
    {
        var output = new ConcurrentQueue<string>();
        await using var supervisor = Supervise(
            "trap '' TERM; echo ready; while :; do sleep 0.05; done",
            output: (_, line) => output.Enqueue(line),
            stopTimeout: TimeSpan.FromMilliseconds(200));
        await supervisor.StartAsync();
        await supervisor.WaitForAsync(status => status.IsReady, _cancellationToken);
        await Eventually.TrueAsync(() => output.Contains("ready"), "the trap is set");

        await supervisor.StopAsync(systemStops: false);

        Assert.True(supervisor.Status is { State: ReplicaState.Exited, ExitCode: 137, IsFinal: true });
    }

    [Fact]
    public async Task Dispose_SystemStops_InterruptsTheProcess()
    {
        var output = new ConcurrentQueue<string>();
        var supervisor = Supervise(
            "trap 'echo interrupted; exit 0' INT; echo ready; while :; do sleep 0.05; done",
            output: (_, line) => output.Enqueue(line));
        await supervisor.StartAsync();
        await Eventually.TrueAsync(() => output.Contains("ready"), "the trap is set");

        await supervisor.DisposeAsync();

        Assert.Contains("interrupted", output);
        Assert.Equal(0, supervisor.Status.ExitCode);
    }
}
