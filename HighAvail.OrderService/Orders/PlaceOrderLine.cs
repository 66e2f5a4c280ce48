namespace HighAvail.OrderService.Orders;

internal sealed record PlaceOrderLine(string? Sku, long? Quantity, long? UnitPrice);
