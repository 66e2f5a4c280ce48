using System.Security.Claims;
using System.Text.Json;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace HighAvail.OrderService.Orders;

internal static class OrdersApi
{
    private const string Columns =
        "id, customer_id, status, currency, lines::text, total, created_at, updated_at, version, reason";

    public static void MapOrdersApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/orders").RequireAuthorization();
        group.MapPost("/", PlaceAsync).WithIdempotency();
        group.MapGet("/", ListAsync);
        group.MapGet("/{id:guid}", GetAsync);
    }

    private static async Task<Results<StoredResponse, ValidationProblem, ProblemHttpResult>> PlaceAsync(
        IdempotentRequest idempotent, PlaceOrderRequest request, ClaimsPrincipal caller, NpgsqlDataSource dataSource, TimeProvider timeProvider)
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
            """
            , placed AS (
                INSERT INTO orders (id, customer_id, status, currency, lines, total, version, created_at, updated_at)
                SELECT $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $14 FROM key
                RETURNING id, version, status, created_at)
            INSERT INTO order_events (order_id, version, type, data, at)
            SELECT id, version, 'placed', jsonb_build_object('status', status), created_at FROM placed
            """,
            new() { Value = order.Id },
            new() { Value = order.CustomerId },
            new() { Value = order.Status },
            new() { Value = order.Currency },
            new() { Value = JsonSerializer.Serialize(order.Lines, OrderServiceJson.Default.IReadOnlyListOrderLine) },
            new() { Value = order.Total },
            new() { Value = order.Version },
            new() { Value = order.CreatedAt });
        return isPlaced ? response : IdempotentRequest.Repeated;
    }

    private static async Task<Results<Ok<Order>, StatusCodeHttpResult, NotFound>> GetAsync(
        Guid id, ClaimsPrincipal caller, NpgsqlDataSource dataSource, HttpContext context, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT {Columns} FROM orders WHERE id = $1 AND (customer_id = $2 OR $3)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = caller.GetUserId() });
        command.Parameters.Add(new() { Value = caller.IsAdmin() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return TypedResults.NotFound();
        }

        var order = Read(reader);
        context.SetEntityVersion(order.Version);
        return context.HasEntityVersion(order.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(order);
    }

    private static async Task<Results<Ok<OrderPage>, ValidationProblem>> ListAsync(
        string? status,
        string? limit,
        string? after,
        ClaimsPrincipal caller,
        NpgsqlDataSource dataSource,
        CancellationToken cancellationToken)
    {
        var query = new ListOrdersQuery(status, limit, after);
        if (query.Validate(out var count, out var before) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        // One statement with and one without the status, so that each has a plan that walks an index from the cursor on.
        await using var command = dataSource.CreateCommand(
            status is null
            ? $"""
              SELECT {Columns} FROM orders
              WHERE customer_id = $1 AND id < $2
              ORDER BY id DESC LIMIT $3
              """
            : $"""
              SELECT {Columns} FROM orders
              WHERE customer_id = $1 AND id < $2 AND status = $4
              ORDER BY id DESC LIMIT $3
              """);
        command.Parameters.Add(new() { Value = caller.GetUserId() });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = count + 1 });
        if (status is not null)
        {
            command.Parameters.Add(new() { Value = status });
        }

        var orders = new List<Order>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            orders.Add(Read(reader));
        }

        // The one beyond the limit only says that there is a next page.
        return TypedResults.Ok(orders.Count > count
            ? new OrderPage(orders[..count], OrderCursor.Write(orders[count - 1].Id))
            : new OrderPage(orders, Next: null));
    }

    private static Order Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetGuid(1),
        reader.GetString(2),
        reader.GetString(3),
        JsonSerializer.Deserialize(reader.GetString(4), OrderServiceJson.Default.IReadOnlyListOrderLine)!,
        reader.GetInt64(5),
        reader.GetFieldValue<DateTime>(6),
        reader.GetFieldValue<DateTime>(7),
        reader.GetInt64(8),
        reader.IsDBNull(9) ? null : reader.GetString(9));
}
