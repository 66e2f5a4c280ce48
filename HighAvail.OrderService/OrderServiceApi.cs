using HighAvail.OrderService.Events;
using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.OpenApi;

namespace HighAvail.OrderService;

/// <summary>What the public is told of this service.</summary>
internal static class OrderServiceApi
{
    /// <summary>The name of the document.</summary>
    public const string Name = "orders";

    public const string OrdersTag = "Orders";
    public const string AdministrationTag = "Administration";

    public static ApiDescription Describe() => new(
        "Orders",
        """
        Placing orders, watching them and changing them.

        **To try it here**: sign in with the Users document, `POST /auth/login`; this page keeps the token. Then send `POST /orders`.

        An order is `pending` until it is processed, within a second as a rule: then it is `confirmed`, or `rejected` because its customer has been deactivated, or
        `failed` after several attempts. Until it is `shipped` it can be `cancelled`. Amounts are whole numbers of the currency's smallest unit, such as cents.

        Every error is a problem document (`application/problem+json`, RFC 9457). Whatever changes something takes an `Idempotency-Key`: repeated with the same
        one it is done once. Sent without, it gets one from the gateway.
        """)
    {
        Tags =
        [
            new() { Name = OrdersTag, Description = "One's own orders." },
            new() { Name = AdministrationTag, Description = "For administrators only." },
        ],
        Operations = [.. OrdersApiDescriptions.Operations, .. OrderChangesApiDescriptions.Operations, .. OrderEventsApiDescriptions.Operations],
        Schemas = OrdersApiDescriptions.Schemas,
    };
}
