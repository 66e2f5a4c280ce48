namespace HighAvail.Hosting.Orchestration;

internal enum ReplicaState
{
    /// <summary>Not started yet.</summary>
    Waiting,

    /// <summary>Being prepared and launched.</summary>
    Starting,

    /// <summary>The process runs; <see cref="ReplicaStatus.Health"/> says whether it is ready.</summary>
    Running,

    /// <summary>Asked to stop and finishing; not ready any more.</summary>
    Stopping,

    /// <summary>The process is gone. <see cref="ReplicaStatus.NextRestartAt"/> is set when it will be started again.</summary>
    Exited,

    /// <summary>Ran to completion with exit code 0, and was meant to.</summary>
    Finished,

    /// <summary>There was no process to speak of. <see cref="ReplicaStatus.NextRestartAt"/> is set when it will be tried again.</summary>
    FailedToStart,
}
