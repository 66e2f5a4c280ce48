using System.Security.Claims;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace HighAvail.OrderService.Orders;

/// <summary>Lists of orders, newest first, page by page.</summary>
internal static class OrderListsApi
{
    public static void MapOrderListsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/orders").RequireAuthorization();
        group.MapGet("/", ListAsync);
        group.MapGet("/failed", ListFailedAsync).RequireAuthorization(AccessPolicies.Admin);
    }

    private static async Task<Results<Ok<OrderPage>, ValidationProblem, ForbidHttpResult>> ListAsync(
        string? status,
        string? limit,
        string? after,
        string? customerId,
        string? all,
        ClaimsPrincipal caller,
        NpgsqlDataSource dataSource,
        CancellationToken cancellationToken)
    {
        var query = new ListOrdersQuery(status, limit, after, customerId, all);
        if (query.Validate(out var count, out var before, out var customer, out var everybody) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        customer ??= everybody ? null : caller.GetUserId();
        return caller.IsAdmin() || customer == caller.GetUserId()
            ? TypedResults.Ok(await ReadPageAsync(dataSource, customer, status, before, count, cancellationToken))
            : TypedResults.Forbid();
    }

    private static async Task<Results<Ok<OrderPage>, ValidationProblem>> ListFailedAsync(
        string? limit, string? after, NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        new ListOrdersQuery(OrderStatus.Failed, limit, after).Validate(out var count, out var before, out _, out _) is { Count: > 0 } errors
            ? TypedResults.ValidationProblem(errors)
            : TypedResults.Ok(await ReadPageAsync(dataSource, customer: null, OrderStatus.Failed, before, count, cancellationToken));

    private static async Task<OrderPage> ReadPageAsync(
        NpgsqlDataSource dataSource, Guid? customer, string? status, Guid before, int count, CancellationToken cancellationToken)
    {
        // Only the conditions that are asked for, and the status, which is one of those known, as a literal: so that each statement has a
        // plan of its own that walks an index from the cursor on.
        await using var rented = await dataSource.RentAsync(cancellationToken);
        await using var command = rented.CreateCommand(
            $"""
            SELECT {OrderRows.Columns} FROM orders
            WHERE id < $1
            {(customer is null ? "" : "AND customer_id = $3")}
            {(status is null ? "" : $"AND status = '{status}'")}
            ORDER BY id DESC LIMIT $2
            """);
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = count + 1 });
        if (customer is { } id)
        {
            command.Parameters.Add(new() { Value = id });
        }

        var orders = new List<Order>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            orders.Add(OrderRows.Read(reader));
        }

        // The one beyond the limit only says that there is a next page.
        return orders.Count > count
            ? new OrderPage(orders[..count], IdCursor.Write(orders[count - 1].Id))
            : new OrderPage(orders, Next: null);
    }
}
