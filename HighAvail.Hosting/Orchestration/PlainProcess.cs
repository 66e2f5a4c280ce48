using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace HighAvail.Hosting.Orchestration;

/// <summary>A process as every system knows it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The process is disposed when it has exited.")]
internal sealed class PlainProcess : IRunningProcess
{
    // Long enough to read what was written before the exit; a child of the process may keep the pipes open for ever.
    private static readonly TimeSpan _outputLimit = TimeSpan.FromMilliseconds(250);

    private readonly Process _process;

    public PlainProcess(ProcessStartInfo startInfo, Action<bool, string> output, TimeProvider time)
    {
        _process = new() { StartInfo = startInfo, EnableRaisingEvents = true };
        _process.Start();
        (Id, StartedAt) = (_process.Id, time.GetUtcNow());
        _process.StandardInput.Dispose();
        var gate = new Lock();
        var reading = Task.WhenAll(
            ReadAsync(_process.StandardOutput.BaseStream, line => Deliver(false, line)),
            ReadAsync(_process.StandardError.BaseStream, line => Deliver(true, line)));
        Exited = ObserveAsync(reading, time);

        void Deliver(bool isError, string line)
        {
            lock (gate)
            {
                output(isError, line);
            }
        }
    }

    public int Id { get; }

    public DateTimeOffset StartedAt { get; }

    public Task<int> Exited { get; }

    public void Signal(StopSignal signal)
    {
        try
        {
            if (_process.HasExited)
            {
                return;
            }

            if (signal == StopSignal.Kill || OperatingSystem.IsWindows())
            {
                _process.Kill(entireProcessTree: true);
            }
            else
            {
                Libc.Signal(Id, signal);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or one of its children, exited in the meantime; the rest has been killed.
        }
    }

    public void Pause() => throw new DistributedApplicationException(
        "Processes can be paused only on Linux, with setsid and setpriv (util-linux).");

    public void Resume()
    {
    }

    private async Task<int> ObserveAsync(Task reading, TimeProvider time)
    {
        using (_process)
        {
            await _process.WaitForExitAsync();
            await Task.WhenAny(reading, Task.Delay(_outputLimit, time));
            return _process.ExitCode;
        }
    }

    private static Task ReadAsync(Stream stream, Action<string> deliver)
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var splitter = new LineSplitter(deliver);
            var buffer = new byte[16 * 1024];
            using (stream)
            {
                for (int read; (read = stream.Read(buffer)) > 0;)
                {
                    splitter.Write(buffer.AsSpan(0, read));
                }
            }

            splitter.Complete();
            finished.SetResult();
        })
        {
            IsBackground = true,
            Name = "Process output",
        };
        thread.Start();
        return finished.Task;
    }
}
