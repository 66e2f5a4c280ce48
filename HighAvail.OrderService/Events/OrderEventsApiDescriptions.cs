using System.Text.Json;
using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.OpenApi;
using Microsoft.Net.Http.Headers;
using static HighAvail.ServiceDefaults.OpenApi.AnswerDescription;

namespace HighAvail.OrderService.Events;

/// <summary>Words for <see cref="OrderEventsApi"/>.</summary>
internal static class OrderEventsApiDescriptions
{
    public static IReadOnlyList<OperationDescription> Operations =>
    [
        new(
            "GET /orders/{id}/events",
            "watchOrder",
            OrderServiceApi.OrdersTag,
            "Watches an order",
            """
            Server-sent events: first `state` with the order as it is, then each change as it happens, whichever replica made it: `confirmed`, `rejected`, `failed`,
            `cancelled`, `shipped` or `retried`, with `status`, `version`, `at` and, if there is one, `reason`.

            The id of an event is the version of the order. A client that was cut off sends the last one as `Last-Event-ID`, as browsers do by themselves, and gets what it
            has missed. The answer ends with the access token, and when a replica is replaced; then the client asks again.
            """)
        {
            Parameters =
            [
                OrdersApiDescriptions.Id,
                Parameters.Header("Last-Event-ID", "The id of the last event that the client has seen.", Values.Text(19, 1, "^[0-9]+$")),
            ],
            Answers =
            [
                new(StatusCodes.Status200OK, "Events, until the client leaves.") { Example = Stream(), Headers = [HeaderNames.CacheControl] },
                Invalid("Last-Event-ID", "The id of an event of this order is required."),
                NotFound("order"),
            ],
        },
    ];

    private static string Stream()
    {
        var confirmed = OrdersApiDescriptions.Confirmed;
        var state = JsonSerializer.Serialize(OrdersApiDescriptions.Placed, OrderServiceJson.Default.Order);
        var change = JsonSerializer.Serialize(
            new OrderChange(confirmed.Status, confirmed.Version, confirmed.UpdatedAt, Reason: null), OrderServiceJson.Default.OrderChange);
        return $"event: state\nid: 1\ndata: {state}\n\nevent: confirmed\nid: 2\ndata: {change}\n\n";
    }
}
