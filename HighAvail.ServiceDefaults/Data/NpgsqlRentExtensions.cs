using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>How requests come to a connection.</summary>
public static class NpgsqlRentExtensions
{
    /// <summary>
    /// Waits for a connection, a second at most, and opens it. What begins to connect is not given up with the request: the next one will need it.
    /// </summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The connection, to be disposed of after its commands.</returns>
    /// <exception cref="NpgsqlException">None was free, or the server could not be reached; nothing was sent.</exception>
    public static async Task<RentedConnection> RentAsync(this NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var gate = ConnectionGate.Of(dataSource);
        if (!await gate.TryEnterAsync(cancellationToken))
        {
            throw new NpgsqlException("All connections are in use, or the server cannot be reached.", new TimeoutException());
        }

        try
        {
            var rented = new RentedConnection(await dataSource.OpenConnectionAsync(CancellationToken.None), gate);
            gate.Succeeded();
            return rented;
        }
        catch
        {
            gate.Failed();
            gate.Leave();
            throw;
        }
    }
}
