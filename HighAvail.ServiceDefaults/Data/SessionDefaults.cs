using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>How the services' sessions with Postgres behave, whoever registers the data source.</summary>
public static class SessionDefaults
{
    // Long enough for a statement that has its locks, short enough for whoever waits in the gateway: it repeats the request instead.
    private const string LockTimeout = "lock_timeout=1s";

    // Transactions do nothing but SQL. One that stands still holds back every reader of a feed.
    private const string IdleTimeout = "idle_in_transaction_session_timeout=2s";

    /// <summary>
    /// Gives every session its limits (a lock is waited for one second, a transaction may stand still for two), lets it prepare what it
    /// executes often, saves it the reset at each use, because no statement here changes a session, and does not ask the server for Kerberos' encryption:
    /// Npgsql would answer each failure to connect with a second attempt, which meets a server that comes back with twice the connections and may
    /// outlast its time-out. What the connection string says itself wins.
    /// </summary>
    /// <param name="settings">The connection string of the data source.</param>
    public static void UseSessionDefaults(this NpgsqlConnectionStringBuilder settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!settings.ShouldSerialize("Options"))
        {
            settings.Options = $"-c {LockTimeout} -c {IdleTimeout}";
        }

        if (!settings.ShouldSerialize("Max Auto Prepare"))
        {
            settings.MaxAutoPrepare = 32;
        }

        if (!settings.ShouldSerialize("No Reset On Close"))
        {
            settings.NoResetOnClose = true;
        }

        if (!settings.ShouldSerialize("GSS Encryption Mode"))
        {
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        }
    }
}
