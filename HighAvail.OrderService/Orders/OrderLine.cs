namespace HighAvail.OrderService.Orders;

internal sealed record OrderLine(string Sku, int Quantity, long UnitPrice);
