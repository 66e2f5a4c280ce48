using System.Diagnostics;
using HighAvail.OrderService.Telemetry;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.OrderService.Processing;

/// <summary>Takes pending orders out of the database, batch by batch.</summary>
/// <remarks>
/// The attempt is counted in a statement of its own, committed before the work begins, so that an order which brings its worker down is
/// known by its count. The work itself holds nothing but row locks: those of a killed worker are free at once, and an order that another
/// processed meanwhile is not pending any more, so each is processed once. A batch that fails is done again one by one, so that an order
/// which cannot be processed holds up no other.
/// </remarks>
internal sealed partial class PendingOrders(
    NpgsqlDataSource dataSource, OrderDecisions decisions, IOptions<OrderProcessingOptions> options, ILogger<PendingOrders> logger)
{
    /// <summary>Returns how many orders were tried: a full batch means that more may wait.</summary>
    public async Task<int> ProcessBatchAsync()
    {
        var orders = await ClaimAsync();
        if (orders.Count == 0)
        {
            return 0;
        }

        using var activity = OrderTracing.StartProcessing(orders.Select(static order => order.TraceParent));
        foreach (var order in orders.Where(order => order.Attempt > options.Value.MaxAttempts))
        {
            // The last attempt ended without a word: whoever made it was killed.
            await TrySetAsideAsync(order, sqlState: null);
        }

        ClaimedOrder[] due = [.. orders.Where(order => order.Attempt <= options.Value.MaxAttempts)];
        try
        {
            await DecideAsync(due);
        }
        catch (PostgresException exception) when (!IsOfAnOrder(exception))
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error, exception.SqlState);
            await TryUncountAsync(due);
            throw;
        }

        return orders.Count;
    }

    /// <summary>Counts one attempt for each of a batch of orders that are due, and puts off the next.</summary>
    public Task<List<ClaimedOrder>> ClaimAsync() => dataSource.WriteAsync(
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
        RETURNING orders.id, attempts, trace_parent
        """,
        [
            new() { Value = options.Value.BatchSize },
            new() { Value = options.Value.RetryDelay },
            new() { Value = options.Value.MaxRetryDelay },
        ],
        ReadAsync);

    private async Task DecideAsync(ClaimedOrder[] orders)
    {
        if (orders.Length == 0)
        {
            return;
        }

        try
        {
            await decisions.DecideAsync(orders.Select(static order => order.Id));
        }
        catch (PostgresException exception) when (IsOfAnOrder(exception))
        {
            LogOneByOne(orders.Length, exception.SqlState);
            foreach (var order in orders)
            {
                await TryDecideAsync(order);
            }
        }
    }

    private async Task TryDecideAsync(ClaimedOrder order)
    {
        try
        {
            await decisions.DecideIfFreeAsync(order.Id);
        }
        catch (PostgresException exception) when (IsOfAnOrder(exception))
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error, exception.SqlState);
            LogFailed(order.Id, order.Attempt, exception.SqlState, exception.MessageText);
            if (order.Attempt >= options.Value.MaxAttempts)
            {
                await TrySetAsideAsync(order, exception.SqlState);
            }
        }
    }

    private async Task TrySetAsideAsync(ClaimedOrder order, string? sqlState)
    {
        try
        {
            if (await decisions.SetAsideAsync(order.Id, sqlState) > 0)
            {
                LogSetAside(order.Id, options.Value.MaxAttempts);
            }
        }
        catch (PostgresException exception) when (IsOfAnOrder(exception))
        {
            LogFailed(order.Id, order.Attempt, exception.SqlState, exception.MessageText);
        }
    }

    // The server refuses everything, such as for a missing right: no order is to be set aside for that.
    private async Task TryUncountAsync(ClaimedOrder[] orders)
    {
        try
        {
            await dataSource.WriteAsync(
                "UPDATE orders SET attempts = attempts - 1 WHERE id = ANY ($1) AND status = 'pending' AND attempts > 0",
                new NpgsqlParameter { Value = orders.Select(static order => order.Id).ToArray() });
        }
        catch (Exception exception) when (exception is NpgsqlException or UnknownOutcomeException)
        {
            LogNotUncounted(orders.Length, exception.Message);
        }
    }

    // What the server refused for what is in a row or for who holds it; anything else befalls every other order, too. By class of SQLSTATE:
    // data, integrity, raised by a trigger, a damaged page or index.
    private static bool IsOfAnOrder(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
        || exception.SqlState[..2] is "21" or "22" or "23" or "P0" or "XX";

    private static async Task<List<ClaimedOrder>> ReadAsync(NpgsqlCommand command)
    {
        var orders = new List<ClaimedOrder>();
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            orders.Add(new ClaimedOrder(reader.GetGuid(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        }

        return orders;
    }

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} orders failed with {SqlState}: going on one by one.")]
    private partial void LogOneByOne(int count, string sqlState);

    [LoggerMessage(LogLevel.Information, "An attempt of {Count} orders counts although it was none: {Reason}")]
    private partial void LogNotUncounted(int count, string reason);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} to process order {Id} failed with {SqlState}: {Reason}")]
    private partial void LogFailed(Guid id, int attempt, string sqlState, string reason);

    [LoggerMessage(LogLevel.Error, "Order {Id} was set aside after {Attempts} attempts.")]
    private partial void LogSetAside(Guid id, int attempts);
}
