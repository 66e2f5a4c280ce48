namespace HighAvail.Tests.Infrastructure;

/// <summary>How a commit that waits is cut off.</summary>
public enum CommitCut
{
    /// <summary>An administrator cancels the statement: it commits here alone, and the server reports success with a warning.</summary>
    Cancelled,

    /// <summary>An administrator ends the session.</summary>
    Terminated,

    /// <summary>The server is stopped in an orderly way and started again.</summary>
    ServerRestarted,

    /// <summary>The server is killed and started again.</summary>
    ServerKilled,
}
