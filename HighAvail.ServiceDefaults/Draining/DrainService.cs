using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Draining;

/// <summary>
/// Keeps the server open for the drain delay after the replica has said that it is not ready, so that everyone who would still send to it learns that first.
/// </summary>
/// <remarks>
/// SIGTERM stops one replica of a running system. SIGINT stops the whole system (or is a person's Ctrl+C): nobody is left to send, so the delay ends at once,
/// whether the signal comes before it or during it.
/// </remarks>
internal sealed partial class DrainService : IHostedLifecycleService, IDisposable
{
    private readonly DrainSignal _signal;
    private readonly DrainOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<DrainService> _logger;
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration _interrupt;

    public DrainService(DrainSignal signal, IOptions<DrainOptions> options, TimeProvider time, ILogger<DrainService> logger)
    {
        (_signal, _options, _time, _logger) = (signal, options.Value, time, logger);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Hurry());
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogDraining(_options.Delay.TotalSeconds);
        _signal.Begin();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hurry.Token);
        await Task.Delay(_options.Delay, _time, linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // Unregistering waits for a handler that is running, so nothing can use the source afterwards.
        _interrupt.Dispose();
        _hurry.Dispose();
    }

    internal void Hurry() => _hurry.Cancel();

    [LoggerMessage(LogLevel.Information, "Draining for {Delay} s.")]
    private partial void LogDraining(double delay);
}
