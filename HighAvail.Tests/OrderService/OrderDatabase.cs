using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Data.Migrations;
using Npgsql;

namespace HighAvail.Tests.OrderService;

/// <summary>A database with the Order service's schema.</summary>
internal sealed class OrderDatabase : IAsyncDisposable
{
    private OrderDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>One that a service has already made its own.</summary>
    public static OrderDatabase Open(string connectionString) => new(connectionString);

    public static async Task<OrderDatabase> CreateAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        var database = new OrderDatabase(await server.CreateDatabaseAsync(cancellationToken));
        await new Migrator(database.DataSource, new MigrationScripts(typeof(Order).Assembly)).RunAsync(cancellationToken);
        return database;
    }

    public async Task<T> QueryAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Inserts an order with its event, as if it had come to that status at once. Nobody processes it: it is due in an hour.</summary>
    public async Task<Guid> InsertAsync(Guid customer, string status, CancellationToken cancellationToken, TimeSpan age = default)
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UtcNow - age);
        await ExecuteAsync(
            $"""
            INSERT INTO orders (id, customer_id, status, currency, lines, total, created_at, updated_at, next_attempt_at, reason)
            VALUES ('{id}', '{customer}', '{status}', 'EUR', '[]', 0, now() - interval '{age.TotalSeconds:F0} seconds', now() - interval '{age.TotalSeconds:F0} seconds', now() + interval '1 hour',
                CASE '{status}' WHEN 'failed' THEN 'broken' END);
            INSERT INTO order_events (order_id, version, type, data, at)
            VALUES ('{id}', 1, 'placed', jsonb_build_object('status', '{status}'), now())
            """,
            cancellationToken);
        return id;
    }

    /// <summary>The types of an order's events, in their order.</summary>
    public Task<string> EventsAsync(Guid order, CancellationToken cancellationToken) => QueryAsync<string>(
        $"SELECT coalesce(string_agg(version || ' ' || type, ', ' ORDER BY version), '') FROM order_events WHERE order_id = '{order}'",
        cancellationToken);

    /// <summary>Inserts pending orders with their first event.</summary>
    public async Task InsertPendingAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(
            """
            WITH placed AS (
                INSERT INTO orders (id, customer_id, currency, lines, total, created_at, updated_at)
                SELECT gen_random_uuid(), gen_random_uuid(), 'EUR', '[]', 0, now(), now() FROM generate_series(1, $1)
                RETURNING id)
            INSERT INTO order_events (order_id, version, type, data, at)
            SELECT id, 1, 'placed', '{"status":"pending"}', now() FROM placed
            """);
        command.Parameters.Add(new() { Value = count });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
