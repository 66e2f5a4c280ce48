using HighAvail.ServiceDefaults.OpenApi;
using Microsoft.OpenApi;
using static HighAvail.ServiceDefaults.OpenApi.AnswerDescription;

namespace HighAvail.OrderService.Orders;

/// <summary>Words for <see cref="OrdersApi"/> and <see cref="OrderListsApi"/>.</summary>
internal static class OrdersApiDescriptions
{
    private const long MaxTotal = PlaceOrderRequest.MaxLines * PlaceOrderRequest.MaxQuantity * PlaceOrderRequest.MaxUnitPrice;

    private static readonly DateTime _at = new(2026, 11, 24, 9, 26, 24, 235, DateTimeKind.Utc);

    /// <summary>The order of all examples, as it is placed.</summary>
    public static Order Placed { get; } = Order.Place(
        Guid.Parse("01a20ce0-bae5-7287-912b-581f4b069795"),
        Guid.Parse("01a20ce0-b51f-74fe-a41e-f58877efe8b2"),
        "EUR",
        [new OrderLine("TEA-1", 2, 450)],
        _at);

    /// <summary>The same, processed.</summary>
    public static Order Confirmed { get; } = Placed with { Status = OrderStatus.Confirmed, UpdatedAt = _at.AddMilliseconds(72), Version = 2 };

    public static OpenApiParameter Id => Parameters.Id("The id of the order.");

    public static IReadOnlyList<OperationDescription> Operations =>
    [
        new(
            "POST /orders",
            "placeOrder",
            OrderServiceApi.OrdersTag,
            "Places an order",
            "It is stored when this is answered, and processed a moment later: `GET /orders/{id}/events` tells when.")
        {
            Example = new PlaceOrderRequest("EUR", [new PlaceOrderLine("TEA-1", 2, 450)]),
            Answers =
            [
                Created("Placed.", Placed),
                Invalid("lines[0].quantity", $"A quantity of 1 to {PlaceOrderRequest.MaxQuantity} is required."),
            ],
        },
        new("GET /orders/{id}", "getOrder", OrderServiceApi.OrdersTag, "An order", "Customers see their own, administrators everybody's.")
        {
            Parameters = [Id, Parameters.IfNoneMatch],
            Answers = [Entity("The order.", Confirmed), NotModified, NotFound("order")],
        },
        new(
            "GET /orders",
            "listOrders",
            OrderServiceApi.OrdersTag,
            "Lists orders",
            "One's own, newest first, page by page. Administrators may ask for those of one customer, or for all.")
        {
            Parameters =
            [
                Parameters.Query("status", "Only those with this status.", Status()),
                Parameters.Limit,
                Parameters.After,
                Parameters.Query("customerId", "Those of this customer. Others than oneself only administrators may name.", Values.Id()),
                Parameters.Query("all", "`true`: everybody's. For administrators, and not together with `customerId`.", Values.Word("true", "false")),
            ],
            Answers =
            [
                Page("A page.", Confirmed),
                Invalid("limit", "A number from 1 to 200 is required."),
                new(StatusCodes.Status403Forbidden, "Only administrators may ask for orders of others."),
            ],
        },
        new("GET /orders/failed", "listFailedOrders", OrderServiceApi.AdministrationTag, "Lists orders that could not be processed", "Newest first, page by page, with the reason.")
        {
            Parameters = [Parameters.Limit, Parameters.After],
            Answers =
            [
                Page("A page.", Placed with { Status = OrderStatus.Failed, UpdatedAt = _at.AddSeconds(30), Version = 2, Reason = "processing failed" }),
                Invalid("limit", "A number from 1 to 200 is required."),
            ],
        },
    ];

    public static IReadOnlyList<SchemaDescription> Schemas =>
    [
        new(typeof(PlaceOrderRequest), "What is ordered.")
        {
            IsRequest = true,
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["currency"] = Currency(),
                ["lines"] = new() { Type = JsonSchemaType.Array, MinItems = 1, MaxItems = PlaceOrderRequest.MaxLines, Description = "What, and how much of it." },
            },
        },
        new(typeof(PlaceOrderLine), "A line of the order.") { IsRequest = true, Members = Line() },
        new(typeof(Order), "An order.")
        {
            Optional = ["reason"],
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["id"] = Values.Id().Meaning("The id."),
                ["customerId"] = Values.Id().Meaning("The id of the user who placed it."),
                ["status"] = Status().Meaning("What has become of it."),
                ["currency"] = Currency(),
                ["lines"] = new() { Type = JsonSchemaType.Array, MinItems = 1, MaxItems = PlaceOrderRequest.MaxLines, Description = "What, and how much of it." },
                ["total"] = Values.Number(0, MaxTotal, "int64").Meaning("The sum of all lines, in the currency's smallest unit."),
                ["createdAt"] = Values.Time().Meaning("When it was placed, UTC."),
                ["updatedAt"] = Values.Time().Meaning("When it was changed last, UTC."),
                ["version"] = Values.Number(1, long.MaxValue, "int64").Meaning("The version: the number in `ETag`, and the id of its latest event."),
                ["reason"] = Values.Text(1000, 1).Meaning("Why it was rejected or has failed; missing otherwise."),
            },
        },
        new(typeof(OrderLine), "A line of an order.") { Members = Line() },
        new(typeof(OrderPage), "A page of orders.")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["items"] = new() { Type = JsonSchemaType.Array, MaxItems = 200, Description = "The orders, newest first." },
                ["next"] = Values.Next(),
            },
        },
    ];

    public static OpenApiSchema Status() => Values.Word(
        OrderStatus.Pending, OrderStatus.Confirmed, OrderStatus.Rejected, OrderStatus.Cancelled, OrderStatus.Shipped, OrderStatus.Failed);

    private static OpenApiSchema Currency() => Values.Text(3, 3, "^[A-Z]{3}$").Meaning("The code of an active currency (ISO 4217).");

    private static Dictionary<string, OpenApiSchema> Line() => new()
    {
        ["sku"] = Values.Text(PlaceOrderRequest.MaxSkuLength, 1, "^[A-Za-z0-9._-]+$").Meaning("What."),
        ["quantity"] = Values.Number(1, PlaceOrderRequest.MaxQuantity, "int32").Meaning("How many."),
        ["unitPrice"] = Values.Number(0, PlaceOrderRequest.MaxUnitPrice, "int64").Meaning("The price of one, in the currency's smallest unit."),
    };

    private static AnswerDescription Page(string description, Order order) =>
        new(StatusCodes.Status200OK, description) { Example = new OrderPage([order], Next: null) };
}
