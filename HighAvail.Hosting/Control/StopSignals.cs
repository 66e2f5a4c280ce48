using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Control;

/// <summary>Everything that asks the host to stop: Ctrl+C, a closed terminal, the system, a command.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly List<PosixSignalRegistration> _registrations = [];

    internal StopSignals(IHostApplicationLifetime lifetime)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The processes are stopped in order first; the runtime's own answer would be to exit at once.
                context.Cancel = true;
                _stopping.Cancel();
            }));
        }
    }

    internal CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stopping.Dispose();
    }
}
