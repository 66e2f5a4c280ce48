using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Data.Migrations;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

public sealed class MigratorTests(SharedPostgres postgres)
{
    private static readonly MigrationScripts _scripts = new(typeof(Order).Assembly);

    private string _connectionString = string.Empty;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SeveralAtOnce_EachScriptIsAppliedOnce()
    {
        await using var dataSource = await CreateAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => new Migrator(dataSource, _scripts).RunAsync(Cancellation), Cancellation)));

        Assert.Equal([0, 0, 0, _scripts.Names.Count], applied.Order());
        Assert.Equal((long)_scripts.Names.Count, await QueryAsync(dataSource, "SELECT count(*) FROM schemaversions"));
    }

    [Fact]
    public async Task Run_JournalOfALaterVersion_AppliesNothing()
    {
        await using var dataSource = await CreateAsync();
        await new Migrator(dataSource, _scripts).RunAsync(Cancellation);
        await QueryAsync(dataSource, "INSERT INTO schemaversions (scriptname, applied) VALUES ('0999_later.sql', now())");

        Assert.Equal(0, await new Migrator(dataSource, _scripts).RunAsync(Cancellation));
    }

    [Fact]
    public async Task Run_ScriptFails_LeavesNothingBehind()
    {
        await using var dataSource = await CreateAsync();
        await QueryAsync(dataSource, "CREATE TABLE signing_keys (id integer)");

        await Assert.ThrowsAsync<PostgresException>(() => new Migrator(dataSource, _scripts).RunAsync(Cancellation));

        Assert.Equal(false, await QueryAsync(dataSource, "SELECT to_regclass('orders') IS NOT NULL"));
        Assert.Equal(0L, await QueryAsync(
            dataSource,
            """
            SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
            WHERE locktype = 'advisory' AND datname = current_database()
            """));
    }

    [Fact]
    public async Task Run_AnotherReplicaWorksForLong_WaitsBeyondTheSessionsLockLimit()
    {
        await using var other = await CreateAsync();
        await using var dataSource = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_connectionString) { Options = "-c lock_timeout=20ms", NoResetOnClose = true });
        await using var holder = await other.OpenConnectionAsync(Cancellation);
        await ExecuteAsync($"SELECT pg_advisory_lock({Migrator.LockKey})");

        var running = new Migrator(dataSource, _scripts).RunAsync(Cancellation);
        await Eventually.TrueAsync(
            async () => (long)(await QueryAsync(
                other,
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event = 'advisory' AND now() - query_start > interval '100 ms'
                """))! == 1,
            "the migrator waits for longer than the limit");
        await ExecuteAsync($"SELECT pg_advisory_unlock({Migrator.LockKey})");

        Assert.Equal(_scripts.Names.Count, await running);
        Assert.Equal("20ms", await QueryAsync(dataSource, "SHOW lock_timeout"));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, holder);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private async Task<NpgsqlDataSource> CreateAsync() =>
        NpgsqlDataSource.Create(_connectionString = await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation));

    private static async Task<object?> QueryAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
