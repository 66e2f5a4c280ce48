using System.Diagnostics;
using System.Security.Claims;
using System.Text.Json;
using HighAvail.OrderService.Signals;
using HighAvail.OrderService.Telemetry;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace HighAvail.OrderService.Orders;

/// <summary>Placing an order and reading it.</summary>
internal static class OrdersApi
{
    public static void MapOrdersApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/orders").RequireAuthorization();
        group.MapPost("/", PlaceAsync).WithIdempotency().Produces<Order>(StatusCodes.Status201Created);
        group.MapGet("/{id:guid}", GetAsync);
    }

    private static async Task<Results<StoredResponse, ValidationProblem, ProblemHttpResult>> PlaceAsync(
        IdempotentRequest idempotent,
        PlaceOrderRequest request,
        ClaimsPrincipal caller,
        NpgsqlDataSource dataSource,
        OrderSignals signals,
        OrderMetrics metrics,
        TimeProvider timeProvider)
    {
        if (request.Validate() is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var order = Order.Place(
            Guid.CreateVersion7(timeProvider.GetUtcNow()),
            caller.GetUserId(),
            request.Currency!,
            request.ToLines(),
            timeProvider.GetStoredNow());
        var response = StoredResponse.Created($"/orders/{order.Id}", order.Version, order, OrderServiceJson.Default.Order);
        var isPlaced = await idempotent.WriteAsync(
            dataSource,
            response,
            $"""
            , placed AS (
                INSERT INTO orders (id, customer_id, status, currency, lines, total, version, created_at, updated_at, trace_parent)
                SELECT $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $14, $15 FROM key
                RETURNING id, version, status, created_at)
            INSERT INTO order_events (order_id, version, type, data, at)
            SELECT id, version, '{OrderEventType.Placed}', jsonb_build_object('status', status), created_at FROM placed
            """,
            new() { Value = order.Id },
            new() { Value = order.CustomerId },
            new() { Value = order.Status },
            new() { Value = order.Currency },
            new() { Value = JsonSerializer.Serialize(order.Lines, OrderServiceJson.Default.IReadOnlyListOrderLine) },
            new() { Value = order.Total },
            new() { Value = order.Version },
            new() { Value = order.CreatedAt },
            new() { Value = TraceParent() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        if (!isPlaced)
        {
            return IdempotentRequest.Repeated;
        }

        metrics.Placed();
        signals.AnnouncePending();
        return response;
    }

    private static async Task<Results<Ok<Order>, StatusCodeHttpResult, NotFound>> GetAsync(
        Guid id, ClaimsPrincipal caller, FinalOrders orders, HttpContext context, CancellationToken cancellationToken)
    {
        if (await orders.FindAsync(id, caller, cancellationToken) is not { } order)
        {
            return TypedResults.NotFound();
        }

        context.SetEntityVersion(order.Version);
        return context.HasEntityVersion(order.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(order);
    }

    // A link to a trace that was not sampled leads nowhere.
    private static string? TraceParent() => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
