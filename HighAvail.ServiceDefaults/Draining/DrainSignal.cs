namespace HighAvail.ServiceDefaults.Draining;

/// <summary>Tells event streams and workers that this replica is leaving: close, claim nothing new.</summary>
public sealed class DrainSignal : IDisposable
{
    private readonly CancellationTokenSource _draining = new();

    /// <summary>Cancelled as soon as the replica begins to drain, before the drain delay.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Whether the replica is draining.</summary>
    public bool IsDraining => _draining.IsCancellationRequested;

    /// <inheritdoc/>
    public void Dispose() => _draining.Dispose();

    internal void Begin() => _draining.Cancel();
}
