namespace HighAvail.ServiceDefaults.Data;

/// <summary>
/// A write was sent, and whether it took effect is not known: the connection was lost, or the server gave up waiting for its standby.
/// It must be answered neither as done nor as failed.
/// </summary>
public sealed class UnknownOutcomeException : Exception
{
    /// <summary>Initializes a new instance.</summary>
    /// <param name="innerException">What ended the connection, or <see langword="null"/> when the server itself was in doubt.</param>
    public UnknownOutcomeException(Exception? innerException)
        : base("Whether the write took effect is not known.", innerException)
    {
    }
}
