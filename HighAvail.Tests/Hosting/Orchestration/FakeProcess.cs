using System.Collections.Concurrent;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

internal sealed class FakeProcess(int id, DateTimeOffset startedAt) : IRunningProcess
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id => id;

    public DateTimeOffset StartedAt => startedAt;

    public Task<int> Exited => _exited.Task;

    public ConcurrentQueue<StopSignal> Signals { get; } = new();

    public bool IsPaused { get; private set; }

    /// <summary>Whether it does nothing but die by SIGKILL.</summary>
    public bool IgnoresStop { get; set; }

    public void Exit(int exitCode) => _exited.TrySetResult(exitCode);

    public void Pause() => IsPaused = true;

    public void Resume() => IsPaused = false;

    public void Signal(StopSignal signal)
    {
        if (_exited.Task.IsCompleted)
        {
            return;
        }

        Signals.Enqueue(signal);
        if (signal == StopSignal.Kill)
        {
            Exit(137);
        }
        else if (!IgnoresStop)
        {
            Exit(0);
        }
    }
}
