using System.Text.Json.Serialization;

namespace HighAvail.OrderService.Orders;

internal sealed record Order(
    Guid Id,
    Guid CustomerId,
    string Status,
    string Currency,
    IReadOnlyList<OrderLine> Lines,
    long Total,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    public static Order Place(Guid id, Guid customerId, string currency, IReadOnlyList<OrderLine> lines, DateTime at) =>
        new(id, customerId, OrderStatus.Pending, currency, lines, TotalOf(lines), at, at, Version: 1, Reason: null);

    /// <summary>The order after an event, or <see langword="null"/> when that cannot happen to it any more or yet.</summary>
    public Order? After(string eventType, DateTime at) => OrderLife.After(Status, eventType) is { } status
        ? this with { Status = status, Version = Version + 1, UpdatedAt = at > UpdatedAt ? at : UpdatedAt, Reason = null }
        : null;

    // At most 100 lines × 10 000 × 1 000 000 000 = 10^15: far from the limit of 64 bits, and checked all the same.
    private static long TotalOf(IReadOnlyList<OrderLine> lines)
    {
        var total = 0L;
        foreach (var line in lines)
        {
            total = checked(total + (line.Quantity * line.UnitPrice));
        }

        return total;
    }
}
