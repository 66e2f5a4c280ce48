namespace HighAvail.Hosting.Orchestration;

/// <summary>What one probe found, with a reason for people when it did not pass.</summary>
internal readonly record struct ProbeResult(ProbeOutcome Outcome, string? Reason)
{
    public static ProbeResult Passed { get; } = new(ProbeOutcome.Passed, null);

    public static ProbeResult Failed(string reason) => new(ProbeOutcome.Failed, reason);

    public static ProbeResult Inconclusive(string reason) => new(ProbeOutcome.Inconclusive, reason);
}
