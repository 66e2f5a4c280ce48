using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Tests.Hosting.Resources;

/// <summary>A server started from a <see cref="ProcessSpec"/>, in a process group of its own that ends with the test.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public static ServerProcess Start(ProcessSpec spec)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = spec.WorkingDirectory,
        };
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        string[] user = spec.RunAs is null ? [] : ["setpriv", .. SystemUser.ForServer(spec.RunAs)!.SetPrivArguments];
        foreach (var argument in (string[])[.. user, spec.FileName, .. spec.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var server = new ServerProcess(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server._output.Enqueue(line.Data ?? "");
        server._process.ErrorDataReceived += (_, line) => server._output.Enqueue(line.Data ?? "");
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> ready)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await ready(limit.Token))
        {
            Assert.False(_process.HasExited, $"The server ended instead of becoming ready:\n{Output}");
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Every process of the server at once, without a chance to tidy up.</summary>
    public Task KillGroupAsync() => SignalAsync("KILL", -Id);

    /// <summary>Returns the exit code.</summary>
    public async Task<int> StopAsync(ProcessSpec spec)
    {
        await SignalAsync(spec.StopSignal == StopSignal.Interrupt ? "INT" : "TERM", Id);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillGroupAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal, int target)
    {
        await NativeTool.RunAsync(
            null, "kill", ["-s", signal, "--", target.ToString(CultureInfo.InvariantCulture)], null, TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
