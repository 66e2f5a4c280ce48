using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Data.Migrations;
using Npgsql;

namespace HighAvail.Tests.OrderService;

/// <summary>A database of its own with the Order service's schema.</summary>
internal sealed class OrderDatabase : IAsyncDisposable
{
    private OrderDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

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
            SELECT id, 1, 'placed', '{}', now() FROM placed
            """);
        command.Parameters.Add(new() { Value = count });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
