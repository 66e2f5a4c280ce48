namespace HighAvail.Hosting.Orchestration;

/// <summary>Signals a process can be sent, with their POSIX meaning.</summary>
internal enum StopSignal
{
    /// <summary>SIGINT: a person at the terminal wants it to stop; Postgres: fast shutdown.</summary>
    Interrupt,

    /// <summary>SIGTERM: finish and exit.</summary>
    Terminate,

    /// <summary>SIGQUIT; Postgres: immediate shutdown without a checkpoint.</summary>
    Quit,

    /// <summary>SIGKILL: gone at once.</summary>
    Kill,
}
