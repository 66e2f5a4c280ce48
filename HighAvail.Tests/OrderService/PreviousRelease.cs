using Npgsql;
using NpgsqlTypes;

namespace HighAvail.Tests.OrderService;

/// <summary>
/// What the release before the last migrations says to the database, word by word. With the next release that adds a script, this becomes what
/// the current one says, and <see cref="LastScript"/> the last script there is now.
/// </summary>
internal sealed class PreviousRelease(NpgsqlDataSource dataSource)
{
    public const string LastScript = "0003_idempotency_keys.sql";

    private const string Columns = "id, customer_id, status, currency, lines::text, total, created_at, updated_at, version, reason";

    public Task<int> PlaceAsync(Guid id, Guid customer, byte[] key) => ExecuteAsync(
        """
        WITH key AS (
            INSERT INTO idempotency_keys (scope, request, status, location, entity_tag, body)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (scope) DO NOTHING
            RETURNING scope), placed AS (
            INSERT INTO orders (id, customer_id, status, currency, lines, total, version, created_at, updated_at)
            SELECT $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $14 FROM key
            RETURNING id, version, status, created_at)
        INSERT INTO order_events (order_id, version, type, data, at)
        SELECT id, version, 'placed', jsonb_build_object('status', status), created_at FROM placed
        """,
        new() { Value = key },
        new() { Value = new byte[32] },
        new() { Value = (short)201 },
        new() { Value = $"/orders/{id}", NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = "\"1\"", NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = "{}"u8.ToArray() },
        new() { Value = id },
        new() { Value = customer },
        new() { Value = "pending" },
        new() { Value = "EUR" },
        new() { Value = """[{"sku":"tea","quantity":1,"unitPrice":450}]""" },
        new() { Value = 450L },
        new() { Value = 1L },
        new() { Value = DateTime.UtcNow });

    public Task<List<object?>> FindAnswerAsync(byte[] key) => QueryAsync(
        "SELECT request, status, location, entity_tag, body FROM idempotency_keys WHERE scope = $1",
        column: 2,
        new NpgsqlParameter { Value = key });

    public Task<int> CleanUpAsync() => ExecuteAsync(
        """
        DELETE FROM idempotency_keys WHERE scope IN (
            SELECT scope FROM idempotency_keys WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        new() { Value = DateTime.UtcNow.AddDays(-1) },
        new() { Value = 1_000 });

    public async Task<string?> FindStatusAsync(Guid id, Guid customer) => (string?)(await QueryAsync(
        $"""
        SELECT {Columns} FROM orders WHERE id = $1 AND (customer_id = $2 OR $3)
        """,
        column: 2,
        new() { Value = id },
        new() { Value = customer },
        new() { Value = false })).Single();

    public Task<List<object?>> ListAsync(Guid customer) => QueryAsync(
        $"""
        SELECT {Columns} FROM orders
        WHERE customer_id = $1 AND id < $2
        ORDER BY id DESC LIMIT $3
        """,
        column: 0,
        new() { Value = customer },
        new() { Value = Guid.AllBitsSet },
        new() { Value = 51 });

    public Task<List<object?>> ListAsync(Guid customer, string status) => QueryAsync(
        $"""
        SELECT {Columns} FROM orders
        WHERE customer_id = $1 AND id < $2 AND status = $4
        ORDER BY id DESC LIMIT $3
        """,
        column: 0,
        new() { Value = customer },
        new() { Value = Guid.AllBitsSet },
        new() { Value = 51 },
        new() { Value = status });

    public Task<List<object?>> CountAttemptAsync() => QueryAsync(
        """
        WITH due AS (
            SELECT id FROM orders
            WHERE status = 'pending' AND next_attempt_at <= now()
            ORDER BY next_attempt_at
            LIMIT $1
            FOR UPDATE SKIP LOCKED)
        UPDATE orders
        SET attempts = attempts + 1,
            next_attempt_at = now() + least($2 * power(2, least(attempts, 20)), $3)
        FROM due
        WHERE orders.id = due.id
        RETURNING orders.id
        """,
        column: 0,
        new() { Value = 100 },
        new() { Value = TimeSpan.FromMilliseconds(250) },
        new() { Value = TimeSpan.FromSeconds(30) });

    public Task<List<object?>> ConfirmAsync(params Guid[] ids) => QueryAsync(
        """
        WITH claimed AS (
            SELECT id FROM orders
            WHERE id = ANY ($1) AND status = 'pending'
            ORDER BY id
            FOR UPDATE),
        confirmed AS (
            UPDATE orders
            SET status = $2, version = version + 1, updated_at = greatest($3, created_at)
            FROM claimed
            WHERE orders.id = claimed.id
            RETURNING orders.id, orders.version, orders.status, orders.updated_at)
        INSERT INTO order_events (order_id, version, type, data, at)
        SELECT id, version, 'confirmed', jsonb_build_object('status', status), updated_at FROM confirmed
        RETURNING order_id
        """,
        column: 0,
        new() { Value = ids },
        new() { Value = "confirmed" },
        new() { Value = DateTime.UtcNow });

    public Task<int> StoreKeysAsync(string kid, string jwk) => ExecuteAsync(
        """
        WITH gone AS (
            DELETE FROM signing_keys WHERE kid <> ALL ($1))
        INSERT INTO signing_keys (kid, jwk)
        SELECT kid, jwk::jsonb FROM unnest($1, $2) AS fetched (kid, jwk)
        ON CONFLICT (kid) DO NOTHING
        """,
        new() { Value = (string[])[kid] },
        new() { Value = (string[])[jwk] });

    public Task<List<object?>> LoadKeysAsync() => QueryAsync("SELECT jwk::text FROM signing_keys", column: 0);

    private async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<List<object?>> QueryAsync(string sql, int column, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        var rows = new List<object?>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetValue(column));
        }

        return rows;
    }
}
