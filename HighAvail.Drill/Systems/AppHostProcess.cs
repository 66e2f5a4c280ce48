using System.Collections.Concurrent;
using System.Diagnostics;

namespace HighAvail.Drill.Systems;

/// <summary>An app host as a process of its own, and the last lines that it printed.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private const int MaxLines = 20;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private AppHostProcess(Process process) => _process = process;

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>The last lines of its output: what went wrong is among them.</summary>
    internal string LastLines => string.Join(Environment.NewLine, _lines);

    public void Dispose() => _process.Dispose();

    internal static AppHostProcess Start(params string[] args)
    {
        var startInfo = new ProcessStartInfo("dotnet", [BuiltAppHost.Assembly, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(startInfo) ?? throw new DrillException("'dotnet' cannot be started.");
        var host = new AppHostProcess(process);
        process.OutputDataReceived += (_, e) => host.Receive(e.Data);
        process.ErrorDataReceived += (_, e) => host.Receive(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Runs a command of the app host to its end.</summary>
    /// <exception cref="DrillException">It failed.</exception>
    internal static async Task RunAsync(string[] args, CancellationToken cancellationToken)
    {
        using var command = Start(args);
        await command.ExitedAsync(cancellationToken);
        if (command._process.ExitCode != 0)
        {
            throw new DrillException(command.LastLines);
        }
    }

    internal Task ExitedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Kills it; on Linux whatever it started ends with it.</summary>
    internal void Kill() => _process.Kill();

    private void Receive(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        while (_lines.Count > MaxLines)
        {
            _lines.TryDequeue(out _);
        }
    }
}
