using Npgsql;

namespace HighAvail.Tests.Infrastructure;

/// <summary>Makes every commit of a server wait for a synchronous standby that does not exist. The server is one that no other test uses.</summary>
internal sealed class HeldCommits
{
    private readonly PostgresServer _server;
    private readonly string _connectionString;

    private HeldCommits(PostgresServer server)
    {
        _server = server;
        _connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Pooling = false }.ConnectionString;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>From now on commits wait, those of sessions that are open already as well.</summary>
    public static async Task<HeldCommits> HoldAsync(PostgresServer server)
    {
        var held = new HeldCommits(server);
        await held.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");

        // The server follows in its own time: it has when a commit waits.
        const string Probe = "SELECT pg_logical_emit_message(true, 'probe', '')";
        while (true)
        {
            var probe = held.ExecuteAsync(Probe);
            var waits = 0;
            await Eventually.TrueAsync(
                async () => probe.IsCompleted || (waits = await held.FindWaitingAsync("probe")) != 0, "a commit waits, or does not yet");
            if (waits != 0)
            {
                await held.ExecuteAsync($"SELECT pg_cancel_backend({waits})");
                await probe;
                return held;
            }

            await probe;
        }
    }

    /// <summary>Waits until the commit of a statement that contains a text waits; returns the process of its session.</summary>
    public async Task<int> WaitForCommitAsync(string statement)
    {
        var processId = 0;
        await Eventually.TrueAsync(async () => (processId = await FindWaitingAsync(statement)) != 0, $"the commit of '{statement}' waits");
        return processId;
    }

    public Task CutAsync(CommitCut cut, int processId) => cut switch
    {
        CommitCut.Cancelled => ExecuteAsync($"SELECT pg_cancel_backend({processId})"),
        CommitCut.Terminated => ExecuteAsync($"SELECT pg_terminate_backend({processId})"),
        CommitCut.ServerRestarted => RestartAsync(_server.StopAsync),
        _ => RestartAsync(_server.KillAsync),
    };

    /// <summary>Commits wait no more, and those that waited are done.</summary>
    public Task ReleaseAsync() => ExecuteAsync("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");

    private async Task RestartAsync(Func<Task> stop)
    {
        await stop();
        await _server.StartAsync(Cancellation);
    }

    private async Task<int> FindWaitingAsync(string statement)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND strpos(query, $1) > 0 LIMIT 1", connection);
        command.Parameters.Add(new() { Value = statement });
        return (int?)await command.ExecuteScalarAsync(Cancellation) ?? 0;
    }

    private async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = await OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }
}
