using System.Collections.Concurrent;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>A shell script running as a real process, and its output.</summary>
internal sealed class ShellProgram
{
    private readonly ConcurrentQueue<(bool IsError, string Line)> _output;

    public required IRunningProcess Process { get; init; }

    public IReadOnlyList<(bool IsError, string Line)> Output => [.. _output];

    public IEnumerable<string> Lines => Output.Where(line => !line.IsError).Select(line => line.Line);

    public static ProcessSpec Spec(string script) => new(
        "/bin/sh",
        ["-c", script],
        Path.GetTempPath(),
        new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["GREETING"] = "hello" });

    public static Task<ShellProgram> StartAsync(IProcessLauncher launcher, string script) => StartAsync(launcher, Spec(script));

    public static async Task<ShellProgram> StartAsync(IProcessLauncher launcher, ProcessSpec spec)
    {
        var output = new ConcurrentQueue<(bool, string)>();
        return new(output) { Process = await launcher.StartAsync(spec, (isError, line) => output.Enqueue((isError, line))) };
    }

    private ShellProgram(ConcurrentQueue<(bool, string)> output) => _output = output;

    public Task<int> ExitCodeAsync() => Process.Exited.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Waits for a line of standard output and returns what follows the prefix.</summary>
    public async Task<string> LineAsync(string prefix)
    {
        string? Find() => Lines.FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Find() is not null, $"the line {prefix}");
        return Find()![prefix.Length..];
    }
}
