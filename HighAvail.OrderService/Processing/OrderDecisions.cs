using HighAvail.OrderService.Orders;
using HighAvail.OrderService.Signals;
using HighAvail.OrderService.Telemetry;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace HighAvail.OrderService.Processing;

/// <summary>The statements that take an order out of waiting.</summary>
internal sealed class OrderDecisions(
    NpgsqlDataSource dataSource,
    OrderSignals signals,
    OrderMetrics metrics,
    TimeProvider timeProvider,
    IOptions<OrderProcessingOptions> options)
{
    /// <summary>The reason of every rejection, whoever finds it out first: processing, or the feed.</summary>
    public const string CustomerDeactivated = "The customer was deactivated.";

    /// <summary>Confirms those of the orders that are still pending, or rejects them for customers known to be deactivated; returns their number.</summary>
    /// <remarks>
    /// It waits for locks instead of skipping them: a count whose snapshot is older than the count of these orders locks them for a moment
    /// before it finds that they are not due, and skipping would leave them until their next attempt. Every lock here lasts one statement,
    /// and the order of the ids keeps two that overlap from waiting for each other.
    /// </remarks>
    public Task<int> DecideAsync(IEnumerable<Guid> ids) => DecideAsync([.. ids], "FOR UPDATE");

    /// <summary>The same for one order, unless somebody holds it: then its next attempt comes, and nobody waits.</summary>
    public Task<int> DecideIfFreeAsync(Guid id) => DecideAsync([id], "FOR UPDATE SKIP LOCKED");

    /// <summary>Sets an order aside that is still pending after its last attempt.</summary>
    public Task<int> SetAsideAsync(Guid id, string? sqlState) => RecordAsync(
        $"""
        WITH claimed AS (
            SELECT id FROM orders
            WHERE id = $1 AND status = 'pending' AND attempts >= $2
            FOR UPDATE SKIP LOCKED),
        changed AS (
            UPDATE orders
            SET status = '{OrderStatus.Failed}', reason = $3, version = version + 1, updated_at = greatest($4, updated_at)
            FROM claimed
            WHERE orders.id = claimed.id
            RETURNING orders.id, orders.version, orders.status, orders.reason, orders.updated_at)
        """,
        new() { Value = id },
        new() { Value = options.Value.MaxAttempts },
        new()
        {
            Value = $"It could not be processed in {options.Value.MaxAttempts} attempts{(sqlState is null ? "" : $" (error {sqlState})")}.",
            NpgsqlDbType = NpgsqlDbType.Text,
        },
        new() { Value = timeProvider.GetStoredNow() });

    private Task<int> DecideAsync(Guid[] ids, string locking) => RecordAsync(
        $"""
        WITH claimed AS (
            SELECT id, customer_id FROM orders
            WHERE id = ANY ($1) AND status = 'pending'
            ORDER BY id
            {locking}),
        decided AS (
            SELECT claimed.id, customers.deactivated_at IS NOT NULL AS is_rejected
            FROM claimed LEFT JOIN customers ON customers.id = claimed.customer_id),
        changed AS (
            UPDATE orders
            SET status = CASE WHEN is_rejected THEN '{OrderStatus.Rejected}' ELSE '{OrderStatus.Confirmed}' END,
                reason = CASE WHEN is_rejected THEN '{CustomerDeactivated}' END,
                version = version + 1,
                updated_at = greatest($2, updated_at)
            FROM decided
            WHERE orders.id = decided.id
            RETURNING orders.id, orders.version, orders.status, orders.reason, orders.updated_at)
        """,
        new() { Value = ids },
        new() { Value = timeProvider.GetStoredNow() });

    // The events of what processing does have the names of the status they lead to.
    private async Task<int> RecordAsync(string change, params NpgsqlParameter[] parameters)
    {
        var outcomes = await dataSource.WriteAsync(
            $"""
            {change}
            INSERT INTO order_events (order_id, version, type, data, at)
            SELECT id, version, status, jsonb_strip_nulls(jsonb_build_object('status', status, 'reason', reason)), updated_at FROM changed
            RETURNING type
            """,
            parameters,
            ReadAsync);
        foreach (var (outcome, count) in outcomes.CountBy(static outcome => outcome))
        {
            metrics.Processed(outcome, count);
        }

        if (outcomes.Count > 0)
        {
            signals.AnnounceChanges();
        }

        return outcomes.Count;
    }

    private static async Task<List<string>> ReadAsync(NpgsqlCommand command)
    {
        var outcomes = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            outcomes.Add(reader.GetString(0));
        }

        return outcomes;
    }
}
