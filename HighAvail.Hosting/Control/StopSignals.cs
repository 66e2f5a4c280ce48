using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Control;

/// <summary>
/// Everything that asks the host to stop: Ctrl+C, a closed terminal, the system, a command. The second signal means at once; a third one ends
/// the host as it would any other program.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    /// <param name="lifetime">Ends when a command asks for it.</param>
    /// <param name="kill">Does what the second signal asks for.</param>
    /// <param name="cancellationToken">Asks for a stop too.</param>
    internal StopSignals(IHostApplicationLifetime lifetime, Action kill, CancellationToken cancellationToken)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, cancellationToken);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The processes are stopped in order first; the runtime's own answer would be to exit at once.
                var count = Interlocked.Increment(ref _signals);
                context.Cancel = count <= 2;
                if (count == 2)
                {
                    kill();
                }

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
