namespace HighAvail.OrderService.Orders;

/// <summary>The life of an order: which status follows which, and by what.</summary>
/// <remarks>
/// <code>
/// placed → pending → confirmed → shipped
///             │ ↑        └→ cancelled
///             │ └ retried ─┐
///             ├→ failed ───┘
///             ├→ rejected
///             └→ cancelled
/// </code>
/// </remarks>
internal static class OrderLife
{
    /// <summary>The status after an event, or <see langword="null"/> when the event cannot happen to an order of that status.</summary>
    public static string? After(string status, string eventType) => (status, eventType) switch
    {
        (OrderStatus.Pending, OrderEventType.Confirmed) => OrderStatus.Confirmed,
        (OrderStatus.Pending, OrderEventType.Rejected) => OrderStatus.Rejected,
        (OrderStatus.Pending, OrderEventType.Failed) => OrderStatus.Failed,
        (OrderStatus.Pending or OrderStatus.Confirmed, OrderEventType.Cancelled) => OrderStatus.Cancelled,
        (OrderStatus.Confirmed, OrderEventType.Shipped) => OrderStatus.Shipped,
        (OrderStatus.Failed, OrderEventType.Retried) => OrderStatus.Pending,
        _ => null,
    };

    /// <summary>Whether nothing can happen to an order of that status any more.</summary>
    public static bool IsFinal(string status) => status is OrderStatus.Rejected or OrderStatus.Cancelled or OrderStatus.Shipped;
}
