using HighAvail.ServiceDefaults.Data;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

public sealed class NpgsqlWriteExtensionsTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_StatementDone_ReturnsItsRows()
    {
        await using var dataSource = await CreateAsync();

        Assert.Equal(1, await dataSource.WriteAsync("INSERT INTO things VALUES ($1)", new NpgsqlParameter { Value = 2 }));
    }

    [Fact]
    public async Task Write_ServerRefuses_IsNoDoubt()
    {
        await using var dataSource = await CreateAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => dataSource.WriteAsync("INSERT INTO things VALUES (1)"));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
        Assert.False(DatabaseErrors.IsUnavailable(refused));
    }

    [Fact]
    public async Task Write_Warning01000_IsUnknown()
    {
        await using var dataSource = await CreateAsync();

        var unknown = await Assert.ThrowsAsync<UnknownOutcomeException>(() => dataSource.WriteAsync(
            "DO $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication due to user request'; END $$"));

        Assert.True(DatabaseErrors.IsUnavailable(unknown));
    }

    [Fact]
    public async Task Write_ConnectionCutMeanwhile_IsUnknown()
    {
        await using var dataSource = await CreateAsync();

        var write = dataSource.WriteAsync("INSERT INTO things SELECT 3 FROM pg_sleep(60)");
        await Eventually.TrueAsync(
            async () =>
            {
                await using var cut = dataSource.CreateCommand(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
                    """);
                return await cut.ExecuteScalarAsync(Cancellation) is true;
            },
            "the connection is cut");

        await Assert.ThrowsAsync<UnknownOutcomeException>(() => write);
    }

    [Fact]
    public async Task Write_CancelledBeforeItsCommit_IsRefusedAndMayBeRepeated()
    {
        await using var dataSource = await CreateAsync();

        var write = dataSource.WriteAsync("INSERT INTO things SELECT 3 FROM pg_sleep(60)");
        await Eventually.TrueAsync(
            async () =>
            {
                await using var cancel = dataSource.CreateCommand(
                    """
                    SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event = 'PgSleep'
                    """);
                return await cancel.ExecuteScalarAsync(Cancellation) is true;
            },
            "the statement is cancelled");

        Assert.True(DatabaseErrors.IsUnavailable(await Assert.ThrowsAsync<PostgresException>(() => write)));
    }

    [Fact]
    public async Task Write_NobodyListens_NothingWasSent()
    {
        await using var dataSource = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=postgres;Timeout=1");

        var away = await Assert.ThrowsAsync<NpgsqlException>(() => dataSource.WriteAsync("SELECT 1"));

        Assert.True(DatabaseErrors.IsUnavailable(away));
    }

    private async Task<NpgsqlDataSource> CreateAsync()
    {
        var server = await postgres.GetAsync(Cancellation);
        var dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync(Cancellation));
        await dataSource.WriteAsync("CREATE TABLE things (id integer PRIMARY KEY)");
        await dataSource.WriteAsync("INSERT INTO things VALUES (1)");
        return dataSource;
    }
}
