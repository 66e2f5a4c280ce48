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
    private const long LockKey = 0x4D696772617465;

    /// <summary>Returns how many scripts were applied.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await IsCurrentAsync(connection, cancellationToken))
        {
            return 0;
        }

        // A session lock: it spans the transactions of all scripts, and a replica that dies gives it up with its connection.
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { CommandTimeout = 0 })
        {
            take.Parameters.Add(new() { Value = LockKey });
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            return await IsCurrentAsync(connection, cancellationToken) ? 0 : Upgrade();
        }
        finally
        {
            // A lost connection has given up the lock already.
            if (connection.State == ConnectionState.Open)
            {
                await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection);
                release.Parameters.Add(new() { Value = LockKey });
                await release.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    // One query at every start but the first: DbUp's assemblies are not even loaded. A journal with further scripts is fine,
    // a newer version runs beside this one.
    private async Task<bool> IsCurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await using var command = new NpgsqlCommand("SELECT scriptname FROM schemaversions", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.GetString(0));
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return scripts.Names.Count == 0;
        }

        return scripts.Names.All(applied.Contains);
    }

    private int Upgrade()
    {
        var result = Engine(new PostgresqlConnectionManager(dataSource))
            .WithScriptsEmbeddedInAssembly(scripts.Assembly, MigrationScripts.IsScript)
            .WithTransaction()
            .WithVariablesDisabled()
            // The limit of reads is not for scripts: building an index takes as long as it takes.
            .WithExecutionTimeout(TimeSpan.Zero)
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        return result.Successful ? result.Scripts.Count() : throw result.Error;
    }

    private static UpgradeEngineBuilder Engine(IConnectionManager manager) => PostgresqlExtensions.PostgresqlDatabase(manager);
}
