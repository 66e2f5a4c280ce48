namespace HighAvail.Hosting.Orchestration;

/// <summary>What a supervisor must know about the kind of thing it runs.</summary>
internal interface IReplicaDriver
{
    /// <summary>Without a readiness probe a running replica counts as healthy.</summary>
    bool HasReadinessProbe { get; }

    /// <summary>Without a liveness probe a replica is only replaced when its process exits, however long it takes to start.</summary>
    bool HasLivenessProbe { get; }

    /// <summary>How long one probe may take; one that takes longer is inconclusive, whether or not it heeds its token.</summary>
    TimeSpan ProbeTimeout { get; }

    /// <summary>
    /// Called before every start: allocates ports, evaluates the environment. Must heed the token. An exception means that the replica
    /// failed to start, and is retried with the usual back-off, except <see cref="ReplicaConfigurationException"/>.
    /// </summary>
    Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>May the replica be given work?</summary>
    Task<ProbeResult> ProbeReadyAsync(CancellationToken cancellationToken);

    /// <summary>Does the process answer at all? Only asked while the replica is not ready, since a ready one is alive.</summary>
    Task<ProbeResult> ProbeAliveAsync(CancellationToken cancellationToken);
}
