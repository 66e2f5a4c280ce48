using HighAvail.ServiceDefaults.Data;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

/// <summary>A commit that waits for a synchronous standby is cut off: done here, and perhaps nowhere else.</summary>
public sealed class CommitInDoubtTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<CommitCut, bool> Cuts => new(Enum.GetValues<CommitCut>(), [false, true]);

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Write_CutWhileItsCommitWaits_IsUnknownAndTheConnectionGivenUp(CommitCut cut, bool isRead)
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await using var dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync(Cancellation));
        await dataSource.WriteAsync("CREATE TABLE things (id integer)");
        var before = await ProcessIdAsync(dataSource);
        var held = await HeldCommits.HoldAsync(server);

        // What reads what its statement returns has read it before the commit begins to wait.
        var write = isRead
            ? dataSource.WriteAsync("INSERT INTO things VALUES (1) RETURNING id", [], ReadAsync)
            : dataSource.WriteAsync("INSERT INTO things VALUES (1)");
        var waiting = await held.WaitForCommitAsync("INSERT INTO things");
        Assert.Equal(before, waiting);
        Assert.Equal(0L, await CountAsync(dataSource));
        Assert.False(write.IsCompleted);
        await held.CutAsync(cut, waiting);

        var unknown = await Assert.ThrowsAsync<UnknownOutcomeException>(() => write);
        Assert.True(DatabaseErrors.IsUnavailable(unknown));
        Assert.Equal(1L, await CountAsync(dataSource));
        Assert.NotEqual(before, await ProcessIdAsync(dataSource));
    }

    [Fact]
    public async Task Write_NothingCutsTheWait_IsDoneWhenTheStandbyIs()
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await using var dataSource = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync(Cancellation)) { CommandTimeout = 1 });
        await dataSource.WriteAsync("CREATE TABLE things (id integer)");
        var held = await HeldCommits.HoldAsync(server);

        var write = dataSource.WriteAsync("INSERT INTO things VALUES (1)");
        await held.WaitForCommitAsync("INSERT INTO things");
        await held.ReleaseAsync();

        Assert.Equal(1, await write);
    }

    private static async Task<int> ReadAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None) ? reader.GetInt32(0) : 0;
    }

    // The first connections after a restart are those that did not survive it.
    private static async Task<T> QueryAsync<T>(NpgsqlDataSource dataSource, string sql)
    {
        while (true)
        {
            try
            {
                await using var command = dataSource.CreateCommand(sql);
                return (T)(await command.ExecuteScalarAsync(Cancellation))!;
            }
            catch (NpgsqlException exception) when (DatabaseErrors.IsUnavailable(exception))
            {
            }
        }
    }

    private static Task<int> ProcessIdAsync(NpgsqlDataSource dataSource) => QueryAsync<int>(dataSource, "SELECT pg_backend_pid()");

    private static Task<long> CountAsync(NpgsqlDataSource dataSource) => QueryAsync<long>(dataSource, "SELECT count(*) FROM things");
}
