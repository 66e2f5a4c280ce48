using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Control;

/// <summary>
/// This assembly as an app host in a process of its own: with the variable set, it runs one server with that script, or a model with a
/// mistake, and the state in the current folder.
/// </summary>
internal sealed class HostProgram : IAsyncDisposable
{
    private const string Variable = "HIGHAVAIL_TESTS_HOST_PROGRAM";

    private const string FixedPorts = $"{Variable}_FIXED_PORTS";

    /// <summary>Instead of a script: a resource with a health check that nobody registers.</summary>
    public const string UnregisteredCheck = "unregistered check";

    /// <summary>Instead of a script: a resource whose program does not exist.</summary>
    public const string MissingProgram = "missing program";

    /// <summary>Instead of a script, and followed by the port: a Redis server.</summary>
    public const string RedisOnPort = "redis on port ";

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
            RunningHost.Build(
                Environment.CurrentDirectory, builder => Describe(builder, script), randomizePorts: Environment.GetEnvironmentVariable(FixedPorts) is null).Run();
            Environment.Exit(Environment.ExitCode);
        }
    }

    private static void Describe(IDistributedApplicationBuilder builder, string script)
    {
        if (script == UnregisteredCheck)
        {
            builder.AddServer("server").WithHealthCheck("nobody_check");
        }
        else if (script == MissingProgram)
        {
            builder.AddExecutable("server", "highavail-no-such-program", ".").WithHttpEndpoint();
        }
        else if (script.StartsWith(RedisOnPort, StringComparison.Ordinal))
        {
            builder.AddRedis("server", int.Parse(script[RedisOnPort.Length..], CultureInfo.InvariantCulture));
        }
        else
        {
            builder.AddServer("server", script);
        }
    }

    public static HostProgram Start(string folder, string script, bool randomizePorts = true)
    {
        var startInfo = new ProcessStartInfo("dotnet", [typeof(HostProgram).Assembly.Location])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        startInfo.Environment[Variable] = script;
        startInfo.Environment[FixedPorts] = randomizePorts ? null : bool.TrueString;
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
