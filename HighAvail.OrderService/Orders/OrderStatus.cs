using System.Collections.Frozen;

namespace HighAvail.OrderService.Orders;

internal static class OrderStatus
{
    public const string Pending = "pending";
    public const string Confirmed = "confirmed";
    public const string Rejected = "rejected";
    public const string Cancelled = "cancelled";
    public const string Shipped = "shipped";
    public const string Failed = "failed";

    private static readonly FrozenSet<string> _all =
        new[] { Pending, Confirmed, Rejected, Cancelled, Shipped, Failed }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string status) => _all.Contains(status);
}
