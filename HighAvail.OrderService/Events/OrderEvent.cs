namespace HighAvail.OrderService.Events;

/// <summary>A change of an order, and what it is called.</summary>
internal sealed record OrderEvent(string Type, OrderChange Change);
