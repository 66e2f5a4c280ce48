using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.OrderService.Processing;

/// <summary>Takes pending orders out of the database and confirms them.</summary>
/// <remarks>
/// The attempt is counted in a statement of its own, committed before the work begins, so that an order which brings its worker down is
/// known by its count. The work itself holds nothing but row locks: those of a killed worker are free at once, and an order that another
/// confirmed meanwhile is not pending any more, so each is confirmed once.
/// </remarks>
internal sealed class PendingOrders(NpgsqlDataSource dataSource, TimeProvider timeProvider, IOptions<OrderProcessingOptions> options)
{
    /// <summary>Returns how many orders were tried: a full batch means that more may wait.</summary>
    public async Task<int> ProcessBatchAsync()
    {
        var ids = await CountAttemptAsync();
        if (ids.Length > 0)
        {
            await ConfirmAsync(ids);
        }

        return ids.Length;
    }

    /// <summary>Counts one attempt for each of a batch of orders that are due, and puts off the next.</summary>
    public Task<Guid[]> CountAttemptAsync() => dataSource.WriteAsync(
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
        [
            new() { Value = options.Value.BatchSize },
            new() { Value = options.Value.RetryDelay },
            new() { Value = options.Value.MaxRetryDelay },
        ],
        ReadIdsAsync);

    /// <summary>Confirms those of the orders that are still pending; returns them.</summary>
    /// <remarks>
    /// It waits for locks instead of skipping them: a count whose snapshot is older than the count of these orders locks them for a moment
    /// before it finds that they are not due, and skipping would leave them until their next attempt. Every lock here lasts one statement,
    /// and the order of the ids keeps two that overlap from waiting for each other.
    /// </remarks>
    public Task<Guid[]> ConfirmAsync(Guid[] ids) => dataSource.WriteAsync(
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
        [
            new() { Value = ids },
            new() { Value = OrderStatus.Confirmed },
            new() { Value = timeProvider.GetStoredNow() },
        ],
        ReadIdsAsync);

    private static async Task<Guid[]> ReadIdsAsync(NpgsqlCommand command)
    {
        var ids = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }
}
