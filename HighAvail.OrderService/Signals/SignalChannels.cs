namespace HighAvail.OrderService.Signals;

/// <summary>Names of the channels of NOTIFY.</summary>
internal static class SignalChannels
{
    public const string Pending = "orders_pending";
    public const string Changes = "order_changes";
}
