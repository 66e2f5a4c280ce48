namespace HighAvail.Gateway.Forwarding;

/// <summary>How a service has been doing, as this gateway sees it.</summary>
/// <param name="retryRatio">Which part of its requests may be tried anew at once.</param>
/// <param name="silence">How long it may answer nothing at all.</param>
/// <param name="aftermath">For how long a failed try counts.</param>
/// <param name="time">The clock.</param>
internal sealed class ServiceCondition(double retryRatio, TimeSpan silence, TimeSpan aftermath, TimeProvider time)
{
    private long _lastTrouble = time.GetTimestamp() - (long)(aftermath.TotalSeconds * time.TimestampFrequency);
    private long _lastAnswer = time.GetTimestamp();

    public RetryBudget Budget { get; } = new(retryRatio);

    /// <summary>
    /// Whether it cannot answer now: tries have failed lately, also those that met a replica that had died, or nothing has been answered for a while. For whoever
    /// finds no place there, the one is an outage, which ends, and to be busy is another thing: then answers go on coming.
    /// </summary>
    public bool IsInTrouble =>
        time.GetElapsedTime(Volatile.Read(ref _lastTrouble)) < aftermath || time.GetElapsedTime(Volatile.Read(ref _lastAnswer)) > silence;

    /// <summary>A try has ended.</summary>
    public void Met(TryOutcome outcome)
    {
        if (outcome == TryOutcome.Over)
        {
            Volatile.Write(ref _lastAnswer, time.GetTimestamp());
        }
        else if (outcome is TryOutcome.NoReplica or TryOutcome.Refused or TryOutcome.Later or TryOutcome.Lost or TryOutcome.Late)
        {
            Volatile.Write(ref _lastTrouble, time.GetTimestamp());
        }
    }
}
