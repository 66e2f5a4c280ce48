using System.Collections.Concurrent;

namespace HighAvail.Drill.Load;

/// <summary>Every order that was sent.</summary>
internal sealed class OrderBook(string run)
{
    private readonly ConcurrentQueue<SentOrder> _sent = new();
    private int _sequence;

    internal string Run => run;

    internal IReadOnlyCollection<SentOrder> Sent => _sent;

    /// <summary>Notes an order before it is sent: from then on it may exist.</summary>
    internal SentOrder Add(Guid customer)
    {
        var order = new SentOrder(run, Interlocked.Increment(ref _sequence), customer);
        order.SetPlaced(Answer.Unknown, null);
        _sent.Enqueue(order);
        return order;
    }
}
