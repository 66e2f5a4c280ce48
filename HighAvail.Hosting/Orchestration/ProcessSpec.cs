namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// What to start: one process of one replica, complete with everything that was decided for it.
/// </summary>
/// <param name="FileName">The executable: an absolute path, or a name that is looked up in PATH.</param>
/// <param name="Arguments">Its arguments, unquoted.</param>
/// <param name="WorkingDirectory">An existing directory.</param>
/// <param name="Environment">The whole environment of the process. Nothing is inherited from the host beyond what is in here.</param>
internal sealed record ProcessSpec(
    string FileName,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The signal that asks this process to finish what it has in hand and exit.</summary>
    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    /// <summary>The signal used instead when the whole system stops, so that nothing waits for traffic that will not come.</summary>
    public StopSignal SystemStopSignal { get; init; } = StopSignal.Interrupt;

    /// <summary>How long the process may take to exit after the stop signal before its whole group is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The system user to run as, or <see langword="null"/> for the host's own. Only honoured when the host runs as root.</summary>
    public string? RunAs { get; init; }
}
