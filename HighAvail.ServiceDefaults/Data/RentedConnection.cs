using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>A connection for one request, one of those that requests may use at the same time.</summary>
public sealed class RentedConnection : IAsyncDisposable
{
    private readonly ConnectionGate _gate;

    internal RentedConnection(NpgsqlConnection connection, ConnectionGate gate) => (Connection, _gate) = (connection, gate);

    /// <summary>The connection, open.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>A command on it.</summary>
    /// <param name="sql">The statement, with its parameters by position.</param>
    public NpgsqlCommand CreateCommand(string sql) => new(sql, Connection);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Connection.DisposeAsync();
        }
        finally
        {
            _gate.Leave();
        }
    }
}
