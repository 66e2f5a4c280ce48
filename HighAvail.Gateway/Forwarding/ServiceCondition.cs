using System.Diagnostics;

namespace HighAvail.Gateway.Forwarding;

/// <summary>How a service has been doing, as this gateway sees it.</summary>
/// <param name="retryRatio">Which part of its requests may be tried anew at once.</param>
internal sealed class ServiceCondition(double retryRatio)
{
    // As long as a request is parked at most, and its next try may take.
    private static readonly TimeSpan _memory = TimeSpan.FromSeconds(3);

    private long _lastTrouble = Stopwatch.GetTimestamp() - (long)(_memory.TotalSeconds * Stopwatch.Frequency);

    public RetryBudget Budget { get; } = new(retryRatio);

    /// <summary>Whether tries have failed lately because the service could not answer.</summary>
    public bool IsInTrouble => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastTrouble)) < _memory;

    /// <summary>A try has failed.</summary>
    public void Met(TryOutcome outcome)
    {
        if (outcome is TryOutcome.NoReplica or TryOutcome.Later or TryOutcome.Late)
        {
            Volatile.Write(ref _lastTrouble, Stopwatch.GetTimestamp());
        }
    }
}
