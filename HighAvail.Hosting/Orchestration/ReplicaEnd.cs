namespace HighAvail.Hosting.Orchestration;

/// <summary>How a process of a replica ended.</summary>
/// <param name="State">What the replica is then.</param>
/// <param name="ExitCode">The exit code, if there was a process.</param>
/// <param name="Message">Why, where that is not obvious.</param>
/// <param name="NeverRestart">Whether no restart will change anything.</param>
internal sealed record ReplicaEnd(ReplicaState State, int? ExitCode, string? Message, bool NeverRestart = false);
