namespace HighAvail.OrderService.Orders;

/// <summary>What can happen to an order.</summary>
internal static class OrderEventType
{
    public const string Placed = "placed";
    public const string Confirmed = "confirmed";
    public const string Rejected = "rejected";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Shipped = "shipped";
    public const string Retried = "retried";
}
