using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// Reads the two output pipes of one process on one thread, in the order in which data comes. Asynchronous reads of pipes would each
/// occupy a thread of the pool, which the rest of the host would miss.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The reading thread disposes everything when it ends.")]
internal sealed class ProcessOutput
{
    // What was written before the exit is at most in the two pipes, 64 KB each by default. More comes from a survivor that does not stop.
    private const int MaxBytesAfterExit = 256 * 1024;

    // The thread only splits lines.
    private const int StackBytes = 256 * 1024;

    private readonly PipeStream[] _pipes;
    private readonly LineSplitter[] _splitters;
    private readonly AnonymousPipeServerStream _exit = new(PipeDirection.In, HandleInheritability.None);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessOutput(PipeStream standardOutput, PipeStream standardError, Action<bool, string> deliver)
    {
        _pipes = [standardOutput, standardError];
        _splitters = [new(line => deliver(false, line)), new(line => deliver(true, line))];
        new Thread(Read, StackBytes) { IsBackground = true, Name = "Process output" }.Start();
    }

    /// <summary>Delivers what is in the pipes and closes them, even if a child of the process keeps their other ends open.</summary>
    public Task FinishAsync()
    {
        _exit.DisposeLocalCopyOfClientHandle();
        return _finished.Task;
    }

    private void Read()
    {
        Span<Libc.PollDescriptor> descriptors = [Wait(_pipes[0]), Wait(_pipes[1]), Wait(_exit)];
        var buffer = new byte[16 * 1024];
        var (exited, bytesAfterExit) = (false, 0);
        while (descriptors[0].Descriptor >= 0 || descriptors[1].Descriptor >= 0)
        {
            Libc.Poll(descriptors, exited ? 0 : Timeout.Infinite);
            var bytes = 0;
            for (var i = 0; i < _pipes.Length; i++)
            {
                if (descriptors[i].Returned != 0)
                {
                    var read = _pipes[i].Read(buffer);
                    _splitters[i].Write(buffer.AsSpan(0, read));
                    descriptors[i].Descriptor = read > 0 ? descriptors[i].Descriptor : -1;
                    bytes += read;
                }
            }

            bytesAfterExit += exited ? bytes : 0;
            if (exited && (bytes == 0 || bytesAfterExit >= MaxBytesAfterExit))
            {
                break;
            }

            if (descriptors[2].Returned != 0)
            {
                exited = true;
                descriptors[2].Descriptor = -1;
            }
        }

        for (var i = 0; i < _pipes.Length; i++)
        {
            _splitters[i].Complete();
            _pipes[i].Dispose();
        }

        _exit.Dispose();
        _finished.SetResult();
    }

    private static Libc.PollDescriptor Wait(PipeStream pipe) =>
        new() { Descriptor = (int)pipe.SafePipeHandle.DangerousGetHandle(), Wanted = Libc.PollIn };
}
