using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>Tells a database that cannot answer now from one that refuses.</summary>
public static class DatabaseErrors
{
    /// <summary>
    /// Whether the same call may succeed later without any change: the server is away, starting, stopping,
    /// full, or no longer the primary, somebody else holds the row, or an administrator cancelled it.
    /// </summary>
    /// <param name="exception">What a call to Npgsql threw.</param>
    /// <returns><see langword="true"/> when repeating makes sense.</returns>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        UnknownOutcomeException => true,
        // Npgsql's own list of transient states lacks those of a server that was told to stop and of a demoted primary.
        PostgresException error => error.IsTransient || error.SqlState
            is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled,
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Whether the connection ended under a statement, so that nobody knows if it took effect.</summary>
    internal static bool IsConnectionLost(Exception exception) => exception switch
    {
        PostgresException error => error.SqlState
            is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException => true,
        _ => false,
    };
}
