using HighAvail.OrderService.Access;
using HighAvail.OrderService.Processing;
using HighAvail.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace HighAvail.OrderService.Feed;

/// <summary>Customers, signing keys and the place in the feed they come from, in the service's own database.</summary>
internal sealed class FeedStore(NpgsqlDataSource dataSource, TimeProvider timeProvider)
{
    public async Task<FeedPosition> ReadPositionAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT cursor, round FROM feed_position WHERE feed = 'users'
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new FeedPosition(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt64(1));
    }

    /// <summary>
    /// Applies a page that was read at a position, in one statement, and so in one transaction: customers, the end of what deactivated ones
    /// have pending, keys, and the new position. Returns whether it did; if not, another replica was faster.
    /// </summary>
    /// <remarks>
    /// The position decides alone who applies a page, so pages are applied one after another; the version is a second guard. Pending orders
    /// are locked in the order of their ids, as the processor does. One that is placed while this runs is rejected by the processor.
    /// </remarks>
    public async Task<bool> ApplyAsync(FeedPosition position, ChangePage page)
    {
        var valid = page.Keys
            .Select(change => (change.IsRetired, Key: VerificationKey.TryParse(change.Key.GetRawText(), out var key) ? key : null))
            .Where(change => change.Key is not null)
            .ToLookup(change => change.IsRetired, change => change.Key!);
        return await dataSource.WriteAsync(
            """
            WITH moved AS (
                UPDATE feed_position SET cursor = $1
                WHERE feed = 'users' AND cursor IS NOT DISTINCT FROM $2 AND round = $3
                RETURNING round),
            changed AS (
                INSERT INTO customers (id, version, display_name, deactivated_at)
                SELECT id, version, display_name, deactivated_at
                FROM moved, unnest($4, $5, $6, $7) AS news (id, version, display_name, deactivated_at)
                ON CONFLICT (id) DO UPDATE
                SET version = excluded.version, display_name = excluded.display_name, deactivated_at = excluded.deactivated_at
                WHERE customers.version < excluded.version
                RETURNING id, deactivated_at),
            pending AS (
                SELECT orders.id FROM orders JOIN changed ON orders.customer_id = changed.id
                WHERE changed.deactivated_at IS NOT NULL AND orders.status = 'pending'
                ORDER BY orders.id
                FOR UPDATE OF orders),
            rejected AS (
                UPDATE orders
                SET status = 'rejected', reason = $8, version = version + 1, updated_at = greatest($9, created_at)
                FROM pending
                WHERE orders.id = pending.id
                RETURNING orders.id, orders.version, orders.status, orders.reason, orders.updated_at),
            events AS (
                INSERT INTO order_events (order_id, version, type, data, at)
                SELECT id, version, 'rejected', jsonb_build_object('status', status, 'reason', reason), updated_at FROM rejected),
            keys AS (
                INSERT INTO signing_keys (kid, jwk, round)
                SELECT kid, jwk::jsonb, round FROM moved, unnest($10, $11) AS news (kid, jwk)
                ON CONFLICT (kid) DO UPDATE SET jwk = excluded.jwk, round = excluded.round),
            retired AS (
                DELETE FROM signing_keys USING moved
                WHERE kid = ANY ($12) OR ($13 AND signing_keys.round <> moved.round AND kid <> ALL ($10)))
            SELECT round FROM moved
            """,
            [
                new() { Value = page.Next },
                new() { Value = (object?)position.Cursor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = position.Round },
                new() { Value = page.Users.Select(user => user.Id).ToArray() },
                new() { Value = page.Users.Select(user => user.Version).ToArray() },
                new() { Value = page.Users.Select(user => user.DisplayName).ToArray() },
                new()
                {
                    Value = page.Users.Select(user => user.DeactivatedAt).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
                },
                new() { Value = OrderDecisions.CustomerDeactivated },
                new() { Value = timeProvider.GetStoredNow() },
                new() { Value = valid[false].Select(key => key.Kid).ToArray() },
                new() { Value = valid[false].Select(key => key.Jwk).ToArray() },
                new() { Value = valid[true].Select(key => key.Kid).ToArray() },
                // A round is complete when nothing remains: what it did not name does not exist any more.
                new() { Value = page.Remaining == 0 },
            ],
            static async command => await command.ExecuteScalarAsync(CancellationToken.None) is not null);
    }

    /// <summary>
    /// Begins a new round because a position means nothing any more. What is known goes on working meanwhile; versions count anew, since a
    /// User service that was restored may be behind.
    /// </summary>
    public Task RestartAsync(FeedPosition position) => dataSource.WriteAsync(
        """
        WITH begun AS (
            UPDATE feed_position SET cursor = NULL, round = round + 1
            WHERE feed = 'users' AND cursor IS NOT DISTINCT FROM $1 AND round = $2
            RETURNING round)
        UPDATE customers SET version = 0 FROM begun
        """,
        new() { Value = (object?)position.Cursor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = position.Round });
}
