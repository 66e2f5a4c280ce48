using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace HighAvail.OrderService.Orders;

/// <summary>What people do to an order that was placed.</summary>
internal static class OrderChangesApi
{
    public static void MapOrderChangesApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/orders/{id:guid}").RequireAuthorization().WithIdempotency();
        group.MapPost("/cancel", CancelAsync).Produces<Order>();
        group.MapPost("/ship", ShipAsync).Produces<Order>().RequireAuthorization(AccessPolicies.Admin);
        group.MapPost("/retry", RetryAsync).Produces<Order>().RequireAuthorization(AccessPolicies.Admin);
    }

    private static Task<Results<StoredResponse, NotFound, ProblemHttpResult>> CancelAsync(
        IdempotentRequest idempotent, Guid id, [AsParameters] OrderChangeServices services, CancellationToken cancellationToken) =>
        ChangeAsync(
            idempotent, id, OrderEventType.Cancelled, alsoSet: "", refusal: "The order can no longer be cancelled.", services, cancellationToken);

    private static Task<Results<StoredResponse, NotFound, ProblemHttpResult>> ShipAsync(
        IdempotentRequest idempotent, Guid id, [AsParameters] OrderChangeServices services, CancellationToken cancellationToken) =>
        ChangeAsync(
            idempotent, id, OrderEventType.Shipped, alsoSet: "", refusal: "Only a confirmed order can be shipped.", services, cancellationToken);

    private static Task<Results<StoredResponse, NotFound, ProblemHttpResult>> RetryAsync(
        IdempotentRequest idempotent, Guid id, [AsParameters] OrderChangeServices services, CancellationToken cancellationToken) =>
        ChangeAsync(
            idempotent,
            id,
            OrderEventType.Retried,
            alsoSet: ", attempts = 0, next_attempt_at = DEFAULT",
            refusal: "Only an order whose processing failed can be tried again.",
            services,
            cancellationToken);

    private static async Task<Results<StoredResponse, NotFound, ProblemHttpResult>> ChangeAsync(
        IdempotentRequest idempotent,
        Guid id,
        string eventType,
        string alsoSet,
        string refusal,
        OrderChangeServices services,
        CancellationToken cancellationToken)
    {
        // Every turn but the first means that somebody else moved the order on, and an order's life is short.
        for (long? triedVersion = null; ;)
        {
            if (await OrderRows.FindAsync(services.DataSource, id, services.Caller, cancellationToken) is not { } order)
            {
                return TypedResults.NotFound();
            }

            if (order.Version == triedVersion)
            {
                return IdempotentRequest.Repeated;
            }

            if (!services.Context.AllowsEntityVersion(order.Version))
            {
                return Problem(StatusCodes.Status412PreconditionFailed, $"The order is at version {order.Version} now.");
            }

            if (order.After(eventType, services.TimeProvider.GetStoredNow()) is not { } changed)
            {
                return Problem(StatusCodes.Status409Conflict, refusal, $"It is {order.Status}.");
            }

            var response = StoredResponse.Ok(changed.Version, changed, OrderServiceJson.Default.Order);
            if (await WriteAsync(idempotent, services.DataSource, response, order, changed, eventType, alsoSet))
            {
                services.Signals.AnnounceChanges();
                if (changed.Status == OrderStatus.Pending)
                {
                    services.Signals.AnnouncePending();
                }

                return response;
            }

            triedVersion = order.Version;
        }
    }

    private static Task<bool> WriteAsync(
        IdempotentRequest idempotent,
        NpgsqlDataSource dataSource,
        StoredResponse response,
        Order order,
        Order changed,
        string eventType,
        string alsoSet) => idempotent.ChangeAsync(
        dataSource,
        response,
        "SELECT id FROM orders WHERE id = $7 AND version = $8 FOR UPDATE",
        $"""
        , changed AS (
            UPDATE orders SET status = $9, reason = NULL, version = $10, updated_at = $11{alsoSet}
            FROM target, key
            WHERE orders.id = target.id
            RETURNING orders.id, orders.version, orders.status, orders.updated_at)
        INSERT INTO order_events (order_id, version, type, data, at)
        SELECT id, version, '{eventType}', jsonb_build_object('status', status), updated_at FROM changed
        """,
        new() { Value = order.Id },
        new() { Value = order.Version },
        new() { Value = changed.Status },
        new() { Value = changed.Version },
        new() { Value = changed.UpdatedAt });

    private static ProblemHttpResult Problem(int statusCode, string title, string? detail = null) =>
        TypedResults.Problem(statusCode: statusCode, title: title, detail: detail);
}
