using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>The one way to write: nothing is acknowledged that may not be there.</summary>
public static class NpgsqlWriteExtensions
{
    private const string Warning = "01000";

    /// <summary>
    /// Runs one writing statement as its own transaction, without time-out and without a cancellation token.
    /// </summary>
    /// <remarks>
    /// A time-out or a cancelled token during the wait for a synchronous standby would cancel on the server: the row commits locally and
    /// Npgsql reports success with only notice 01000 (https://www.postgresql.org/docs/15/warm-standby.html#SYNCHRONOUS-REPLICATION). So the
    /// wait is bounded by whoever asked, who goes away, and such a notice counts as doubt.
    /// </remarks>
    /// <typeparam name="T">What is read from the statement's answer.</typeparam>
    /// <param name="dataSource">The database.</param>
    /// <param name="sql">The statement, with its parameters by position.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="execute">Executes the command and reads its answer; must use <see cref="CancellationToken.None"/>.</param>
    /// <returns>What <paramref name="execute"/> returned.</returns>
    /// <exception cref="UnknownOutcomeException">The statement was sent and may or may not have taken effect.</exception>
    /// <exception cref="NpgsqlException">No connection could be had (nothing was sent), or the server refused the statement.</exception>
    public static async Task<T> WriteAsync<T>(
        this NpgsqlDataSource dataSource, string sql, NpgsqlParameter[] parameters, Func<NpgsqlCommand, Task<T>> execute)
    {
        await using var rented = await dataSource.RentAsync(CancellationToken.None);
        var connection = rented.Connection;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);

        var doubtful = false;
        void OnNotice(object sender, NpgsqlNoticeEventArgs notice) => doubtful |= notice.Notice.SqlState == Warning;
        connection.Notice += OnNotice;
        T result;
        try
        {
            result = await execute(command);
        }
        catch (Exception exception) when (DatabaseErrors.IsConnectionLost(exception))
        {
            throw new UnknownOutcomeException(exception);
        }
        finally
        {
            connection.Notice -= OnNotice;
        }

        if (doubtful)
        {
            // This server may have lost its standby, or its place as primary: the repetition must connect anew.
            dataSource.Clear();
            throw new UnknownOutcomeException(null);
        }

        return result;
    }

    /// <summary>Runs one writing statement whose answer does not matter beyond the number of rows.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="sql">The statement, with its parameters by position.</param>
    /// <param name="parameters">The parameters.</param>
    /// <returns>How many rows it wrote.</returns>
    /// <exception cref="UnknownOutcomeException">The statement was sent and may or may not have taken effect.</exception>
    /// <exception cref="NpgsqlException">No connection could be had (nothing was sent), or the server refused the statement.</exception>
    public static Task<int> WriteAsync(this NpgsqlDataSource dataSource, string sql, params NpgsqlParameter[] parameters) =>
        dataSource.WriteAsync(sql, parameters, command => command.ExecuteNonQueryAsync(CancellationToken.None));
}
