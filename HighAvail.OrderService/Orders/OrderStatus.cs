using System.Collections.Frozen;

namespace HighAvail.OrderService.Orders;

internal static class OrderStatus
{
    public const string Pending = "pending";
    public const string Confirmed = "confirmed";

    private static readonly FrozenSet<string> _all =
        new[] { Pending, Confirmed, "rejected", "cancelled", "shipped", "failed" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsKnown(string status) => _all.Contains(status);
}
