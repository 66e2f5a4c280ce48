namespace HighAvail.Hosting.Orchestration;

/// <summary>Everything there is to know about a replica at one moment.</summary>
internal sealed record ReplicaStatus
{
    public required string Name { get; init; }

    public required ReplicaState State { get; init; }

    public ReplicaHealth Health { get; init; }

    public int? ProcessId { get; init; }

    /// <summary>Whether somebody froze the running process. Its health is what the probes make of that.</summary>
    public bool IsPaused { get; init; }

    /// <summary>How often supervision started it again since the host started; restarts on command do not count.</summary>
    public int Restarts { get; init; }

    /// <summary>When the process started that runs, or that ran last.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public int? ExitCode { get; init; }

    public DateTimeOffset? NextRestartAt { get; init; }

    /// <summary>Why it is in this state, where that is not obvious.</summary>
    public string? Message { get; init; }

    /// <summary>Whether it may be given work.</summary>
    public bool IsReady => State == ReplicaState.Running && Health == ReplicaHealth.Healthy;

    /// <summary>Whether this is where it stays until somebody starts it.</summary>
    public bool IsFinal => State is ReplicaState.Exited or ReplicaState.Finished or ReplicaState.FailedToStart && NextRestartAt is null;
}
