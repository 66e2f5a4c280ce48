using System.Diagnostics;
using System.Runtime.CompilerServices;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Control;

/// <summary>
/// This assembly as an app host in a process of its own: with the variable set, it runs one server with that script, and the state in the
/// current folder.
/// </summary>
internal sealed class HostProgram : IAsyncDisposable
{
    private const string Variable = "HIGHAVAIL_TESTS_HOST_PROGRAM";

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HostProgram(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    [ModuleInitializer]
    public static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } script)
        {
            // Nothing of this assembly may run on another thread before this returns, so the model has no callbacks.
            RunningHost.Build(Environment.CurrentDirectory, builder => builder.AddServer("server", script)).Run();
            Environment.Exit(Environment.ExitCode);
        }
    }

    public static HostProgram Start(string folder, string script)
    {
        var startInfo = new ProcessStartInfo("dotnet", [typeof(HostProgram).Assembly.Location])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        startInfo.Environment[Variable] = script;
        return new(Process.Start(startInfo)!);
    }

    /// <summary>Waits until its server runs and is said to; returns the server's process.</summary>
    public static async Task<int> ServerAsync(RunningHost client)
    {
        ResourceView? server = null;
        await Eventually.TrueAsync(async () =>
        {
            var (exitCode, json, _) = await client.CommandAsync("describe", "server", "--json");
            server = exitCode == 0 ? System.Text.Json.JsonSerializer.Deserialize(json, ControlJson.Default.ResourceView) : null;
            return server?.Health == "Healthy";
        });
        return server!.Replicas[0].ProcessId!.Value;
    }

    public void Signal(StopSignal signal) => Libc.Signal(_process.Id, signal);

    public async Task<(int ExitCode, string Output, string Error)> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
