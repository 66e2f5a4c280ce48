using HighAvail.ServiceDefaults.OpenApi;
using static HighAvail.ServiceDefaults.OpenApi.AnswerDescription;

namespace HighAvail.OrderService.Orders;

/// <summary>Words for <see cref="OrderChangesApi"/>.</summary>
internal static class OrderChangesApiDescriptions
{
    public static IReadOnlyList<OperationDescription> Operations =>
    [
        Change(
            "cancel",
            OrderServiceApi.OrdersTag,
            "Cancels an order",
            "While it is `pending` or `confirmed`. With `If-Match` only if it is still at that version.",
            OrderStatus.Cancelled,
            "The order can no longer be cancelled.",
            "It is shipped."),
        Change(
            "ship",
            OrderServiceApi.AdministrationTag,
            "Ships an order",
            "While it is `confirmed`. With `If-Match` only if it is still at that version.",
            OrderStatus.Shipped,
            "Only a confirmed order can be shipped.",
            "It is pending."),
        Change(
            "retry",
            OrderServiceApi.AdministrationTag,
            "Processes an order once more",
            "One that is `failed`; it is `pending` then. With `If-Match` only if it is still at that version.",
            OrderStatus.Pending,
            "Only an order whose processing failed can be tried again.",
            "It is confirmed."),
    ];

    private static OperationDescription Change(string what, string tag, string summary, string description, string status, string refusal, string detail) =>
        new($"POST /orders/{{id}}/{what}", $"{what}Order", tag, summary, description)
        {
            Parameters = [OrdersApiDescriptions.Id, Parameters.IfMatch(isRequired: false)],
            Answers =
            [
                Entity("The order as it is now.", OrdersApiDescriptions.Confirmed with { Status = status, UpdatedAt = OrdersApiDescriptions.Confirmed.UpdatedAt.AddMinutes(1), Version = 3 }),
                Invalid(Parameters.IdempotencyKey.Name!, "One key of 1 to 200 visible ASCII characters is required."),
                NotFound("order"),
                Error(StatusCodes.Status409Conflict, refusal, "It is too late for that, or too early.") with { Detail = detail },
                Stale("The order is at version 3 now."),
            ],
        };
}
