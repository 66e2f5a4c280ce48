namespace HighAvail.Hosting.Orchestration;

internal enum ProbeOutcome
{
    Passed,

    /// <summary>A definite no: the connection was refused, or the replica itself answered that it is not ready. Believed at once.</summary>
    Failed,

    /// <summary>No answer: a time-out or a cut connection, which a busy machine alone can cause. Believed at the second in a row.</summary>
    Inconclusive,
}
