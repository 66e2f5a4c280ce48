namespace HighAvail.Drill.Bench;

/// <summary>The order that is placed, and orders that were placed long ago, put into the database at once.</summary>
internal static class BenchOrders
{
    /// <summary>What is sent to place one.</summary>
    public static byte[] Request { get; } =
        """{"currency":"EUR","lines":[{"sku":"TEA-1","quantity":2,"unitPrice":450},{"sku":"MUG-7","quantity":1,"unitPrice":1299}]}"""u8.ToArray();

    /// <summary>One of an hour ago.</summary>
    public static async Task<Guid> InsertAsync(BenchSystem system, Guid customer, string status, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(-1));
        await using var command = system.OrdersDatabase.CreateCommand(
            """
            INSERT INTO orders (id, customer_id, status, currency, lines, total, created_at, updated_at)
            VALUES ($1, $2, $3, 'EUR', '[{"sku":"TEA-1","quantity":2,"unitPrice":450}]', 900, now() - interval '1 hour', now() - interval '1 hour')
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = customer });
        command.Parameters.Add(new() { Value = status });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>
    /// Many, one a second back from now; every hundredth is the customer's and the others belong to ten thousand people. As in years of use: ids rise
    /// with time, so each customer's orders lie far apart.
    /// </summary>
    public static async Task FillAsync(BenchSystem system, Guid customer, int count, CancellationToken cancellationToken)
    {
        await using var command = system.OrdersDatabase.CreateCommand(
            """
            WITH people AS (SELECT array_agg(gen_random_uuid()) AS ids FROM generate_series(1, 10000))
            INSERT INTO orders (id, customer_id, status, currency, lines, total, created_at, updated_at)
            SELECT
                -- A UUID v7: 48 bits of milliseconds, then random bits.
                encode(
                    set_byte(
                        substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) || substring(uuid_send(gen_random_uuid()) FROM 7),
                        6, 112 + get_byte(uuid_send(gen_random_uuid()), 0) % 16), 'hex')::uuid,
                CASE WHEN n % 100 = 0 THEN $1 ELSE people.ids[1 + n % 10000] END,
                'confirmed', 'EUR', '[{"sku":"TEA-1","quantity":2,"unitPrice":450}]', 900, at, at
            FROM people, generate_series($2, 1, -1) AS n, LATERAL (SELECT now() - n * interval '1 second' AS at) AS time
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = customer });
        command.Parameters.Add(new() { Value = count });
        await command.ExecuteNonQueryAsync(cancellationToken);

        await using var vacuum = system.OrdersDatabase.CreateCommand("VACUUM ANALYZE orders");
        vacuum.CommandTimeout = 0;
        await vacuum.ExecuteNonQueryAsync(cancellationToken);
    }
}
