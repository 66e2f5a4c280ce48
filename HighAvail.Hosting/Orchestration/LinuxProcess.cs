using System.Diagnostics;
using System.IO.Pipes;

namespace HighAvail.Hosting.Orchestration;

/// <summary>A process in its own group, whose id is the process id.</summary>
internal sealed class LinuxProcess : IRunningProcess
{
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _pausing = new();
    private readonly HashSet<int> _paused = [];

    private LinuxProcess(int id, DateTimeOffset startedAt) => (Id, StartedAt) = (id, startedAt);

    public int Id { get; }

    public DateTimeOffset StartedAt { get; }

    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    /// <summary>Starts a process with its three streams redirected. It must become the leader of a new process group.</summary>
    public static LinuxProcess Start(ProcessStartInfo startInfo, Action<bool, string> output, TimeProvider time)
    {
        var process = new Process { StartInfo = startInfo, EnableRaisingEvents = true };
        process.Start();
        process.StandardInput.Dispose();
        var running = new LinuxProcess(process.Id, time.GetUtcNow());
        var pump = new ProcessOutput((PipeStream)process.StandardOutput.BaseStream, (PipeStream)process.StandardError.BaseStream, output);
        running.Exited = running.ObserveAsync(process, pump);
        return running;
    }

    public void Signal(StopSignal signal)
    {
        if (_exit.Task.IsCompleted)
        {
            return;
        }

        if (signal == StopSignal.Kill)
        {
            Libc.Signal(-Id, signal);
        }

        // A kill goes here too: the process may not have made its group yet.
        Libc.Signal(Id, signal);

        // A paused process would get any but SIGKILL only later, and its descendants would never see that it is gone.
        Resume();
    }

    public void Pause()
    {
        lock (_pausing)
        {
            if (_exit.Task.IsCompleted)
            {
                return;
            }

            // The group at once, so that nobody in it can still do something for the others. Then those that have left it, as every backend of
            // Postgres does, until no new ones are found.
            Libc.Suspend(Id);
            Libc.Suspend(-Id);
            _paused.Add(Id);
            for (int[] found; (found = [.. LinuxProcessTree.DescendantsOf(Id).Where(_paused.Add)]).Length > 0;)
            {
                Array.ForEach(found, Libc.Suspend);
            }
        }
    }

    public void Resume()
    {
        lock (_pausing)
        {
            // None of these ids can belong to another process by now: stopped processes neither exit nor collect their children.
            foreach (var id in _paused)
            {
                Libc.Continue(id);
            }

            if (_paused.Count > 0)
            {
                Libc.Continue(-Id);
                _paused.Clear();
            }
        }
    }

    private async Task<int> ObserveAsync(Process process, ProcessOutput output)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            _exit.SetResult(process.ExitCode);
        }

        // Somebody else may have killed it while it was paused.
        Resume();

        // Children left behind would hold ports and files that the next start needs.
        Libc.Signal(-Id, StopSignal.Kill);
        await output.FinishAsync();
        return await _exit.Task;
    }
}
