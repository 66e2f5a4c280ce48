namespace HighAvail.Hosting.Orchestration;

/// <summary>A process that was started. It frees what it holds when it exits; nothing needs to be disposed.</summary>
internal interface IRunningProcess
{
    /// <summary>The process id of the program itself, not of something that started it.</summary>
    int Id { get; }

    DateTimeOffset StartedAt { get; }

    /// <summary>Completes with the exit code (128 + n after signal n), when all output from before the exit has been delivered.</summary>
    Task<int> Exited { get; }

    /// <summary>
    /// Sends a signal: to the process alone, which decides how its children end, except <see cref="StopSignal.Kill"/>, which goes to its
    /// whole group. Does nothing when the process has exited.
    /// </summary>
    void Signal(StopSignal signal);

    /// <summary>
    /// Freezes the process and all of its descendants. It still gets every signal: a paused one goes on in order to stop. Does nothing
    /// when the process has exited.
    /// </summary>
    /// <exception cref="DistributedApplicationException">This system cannot do that.</exception>
    void Pause();

    /// <summary>Lets it go on.</summary>
    void Resume();
}
