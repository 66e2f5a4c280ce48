namespace HighAvail.OrderService.Orders;

internal sealed record OrderPage(IReadOnlyList<Order> Items, string? Next);
