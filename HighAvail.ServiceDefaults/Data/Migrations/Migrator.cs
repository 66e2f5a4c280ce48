using System.Data;
using DbUp.Builder;
using DbUp.Engine.Transactions;
using DbUp.Postgresql;
using Npgsql;

namespace HighAvail.ServiceDefaults.Data.Migrations;

/// <summary>Applies the scripts that the database has not seen, whichever replica comes first.</summary>
internal sealed class Migrator(NpgsqlDataSource dataSource, MigrationScripts scripts)
{
    // Any number will do, as long as every replica of every version uses the same.
    internal const long LockKey = 0x4D696772617465;

    /// <summary>Returns how many scripts were applied.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await IsCurrentAsync(connection, cancellationToken))
        {
            return 0;
        }

        // A session lock: it spans the transactions of all scripts, and a replica that dies gives it up with its connection.
        // Whoever has it may work for long, so the session's limit for locks is not for this one.
        await ExecuteAsync(connection, "SET lock_timeout = 0", cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);

        try
        {
            return await IsCurrentAsync(connection, cancellationToken) ? 0 : Upgrade();
        }
        finally
        {
            // A lost connection has given up the lock already.
            if (connection.State == ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
                await ExecuteAsync(connection, "RESET lock_timeout", CancellationToken.None);
            }
        }
    }

    // Two small queries at every start but the first: DbUp's assemblies are not even loaded. A journal with further scripts is fine,
    // a newer version runs beside this one.
    private async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Reading it where it is not there yet would be an error in the log of every new database.
        await using var journal = new NpgsqlCommand("SELECT to_regclass('schemaversions') IS NOT NULL", connection);
        if (await journal.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return scripts.Names.Count == 0;
        }

        var applied = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("SELECT scriptname FROM schemaversions", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0));
        }

        return scripts.Names.All(applied.Contains);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private int Upgrade()
    {
        var result = Engine(new PostgresqlConnectionManager(dataSource))
            .WithScriptsEmbeddedInAssembly(scripts.Assembly, MigrationScripts.IsScript)
            .WithTransaction()
            .WithVariablesDisabled()
            // The limit of reads is not for scripts: building an index takes as long as it takes. That of locks is: a script that waits for a
            // table makes everybody wait behind it, so it gives up after a second and is tried again.
            .WithExecutionTimeout(TimeSpan.Zero)
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        return result.Successful ? result.Scripts.Count() : throw result.Error;
    }

    private static UpgradeEngineBuilder Engine(IConnectionManager manager) => PostgresqlExtensions.PostgresqlDatabase(manager);
}
