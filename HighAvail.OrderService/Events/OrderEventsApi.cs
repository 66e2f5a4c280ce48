using System.Globalization;
using System.Security.Claims;
using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace HighAvail.OrderService.Events;

/// <summary>Watching an order.</summary>
internal static class OrderEventsApi
{
    private const string Header = "Last-Event-ID";

    public static void MapOrderEventsApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/orders/{id:guid}/events", WatchAsync)
            .Produces<string>(contentType: OrderEventStream.ContentType).RequireAuthorization();

    private static async Task<Results<OrderEventStream, ValidationProblem, NotFound, ProblemHttpResult>> WatchAsync(
        Guid id,
        HttpContext context,
        ClaimsPrincipal caller,
        NpgsqlDataSource dataSource,
        OrderWatcher watcher,
        DrainSignal drain,
        CancellationToken cancellationToken)
    {
        var header = context.Request.Headers[Header];
        long seen = 0;
        if (header.Count > 0 && !long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out seen))
        {
            return NotSeen();
        }

        if (await OrderRows.FindAsync(dataSource, id, caller, cancellationToken) is not { } order)
        {
            return TypedResults.NotFound();
        }

        if (seen > order.Version)
        {
            return NotSeen();
        }

        var isNew = header.Count == 0;
        return drain.IsDraining || watcher.TrySubscribe(id, isNew ? order.Version : seen) is not { } subscription
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, title: "This replica takes no more event streams. Ask again.")
            : new OrderEventStream(subscription, isNew ? order : null);
    }

    private static ValidationProblem NotSeen() => TypedResults.ValidationProblem(
        new Dictionary<string, string[]> { [Header] = ["The id of an event of this order is required."] });
}
