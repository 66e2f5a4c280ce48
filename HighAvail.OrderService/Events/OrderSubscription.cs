using System.Threading.Channels;

namespace HighAvail.OrderService.Events;

/// <summary>One stream's place in the history of its order.</summary>
internal sealed class OrderSubscription(Guid orderId, long version, Action<OrderSubscription> close) : IDisposable
{
    // More than a client that reads ever has waiting. One that does not read is left where it is until it does.
    private const int Capacity = 16;

    private readonly Channel<OrderEvent> _events =
        Channel.CreateBounded<OrderEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    public Guid OrderId => orderId;

    /// <summary>The version of the last event that was taken. Only the watcher moves it.</summary>
    public long Version { get; private set; } = version;

    public ChannelReader<OrderEvent> Events => _events.Reader;

    /// <summary>Takes the next event, unless the client is too far behind: then it is read again later.</summary>
    public void Offer(OrderEvent next)
    {
        if (next.Change.Version == Version + 1 && _events.Writer.TryWrite(next))
        {
            Version++;
        }
    }

    public void Dispose() => close(this);
}
