using System.Collections.Concurrent;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Infrastructure;

/// <summary>A process started as the host starts one: in a group of its own that ends with the test, even with a killed one.</summary>
internal sealed class TestProcess : IAsyncDisposable
{
    private static readonly IProcessLauncher _launcher = ProcessLauncher.Create(TimeProvider.System, NullLogger.Instance);

    private readonly ProcessSpec _spec;
    private readonly IRunningProcess _process;
    private readonly ConcurrentQueue<string> _output;

    private TestProcess(ProcessSpec spec, IRunningProcess process, ConcurrentQueue<string> output) =>
        (_spec, _process, _output) = (spec, process, output);

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    /// <summary>The exit code, once it has ended.</summary>
    public Task<int> Exited => _process.Exited.WaitAsync(TestContext.Current.CancellationToken);

    public static async Task<TestProcess> StartAsync(ProcessSpec spec)
    {
        var output = new ConcurrentQueue<string>();
        return new TestProcess(spec, await _launcher.StartAsync(spec, (_, line) => output.Enqueue(line)), output);
    }

    public Task WaitUntilAsync(Func<CancellationToken, Task<bool>> ready) => Eventually.TrueAsync(
        async () =>
        {
            Assert.False(_process.Exited.IsCompleted, $"The process ended instead of becoming ready:\n{Output}");
            return await ready(TestContext.Current.CancellationToken);
        },
        $"{_spec.FileName} is ready");

    public void Signal(StopSignal signal) => _process.Signal(signal);

    public void Pause() => _process.Pause();

    public void Resume() => _process.Resume();

    /// <summary>Asks it to stop; returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal(_spec.StopSignal);
        return Exited;
    }

    /// <summary>Every process of the group at once, without a chance to tidy up.</summary>
    public async Task KillAsync()
    {
        Signal(StopSignal.Kill);
        await _process.Exited;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
