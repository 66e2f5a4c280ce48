namespace HighAvail.Drill.Load;

/// <summary>A registered person with a token, and the orders they remember.</summary>
internal sealed class Customer(Guid id, string email, string password)
{
    // People look at recent orders; an old one costs the database a page that it does not have at hand.
    private const int Remembered = 50;

    // One look in so many is at the newest order, as right after placing it: what has not come to every replica yet would show there.
    private const int NewestShare = 4;

    private readonly Lock _gate = new();
    private readonly List<SentOrder> _orders = [];
    private AccessToken _token = new("", DateTimeOffset.MinValue);
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    internal Guid Id => id;

    internal string Email => email;

    internal string Password => password;

    internal AccessToken Token
    {
        get => Volatile.Read(ref _token);
        set => Volatile.Write(ref _token, value);
    }

    /// <summary>Remembers an order that was acknowledged.</summary>
    internal void Remember(SentOrder order)
    {
        lock (_gate)
        {
            _orders.Add(order);
            if (_orders.Count > Remembered)
            {
                _orders.RemoveAt(0);
            }
        }
    }

    /// <summary>One of the remembered orders, the newest more often than others; or none yet.</summary>
    internal SentOrder? Recall(Random random)
    {
        lock (_gate)
        {
            return _orders.Count == 0 ? null : random.Next(NewestShare) == 0 ? _orders[^1] : _orders[random.Next(_orders.Count)];
        }
    }

    /// <summary>The newest order, about which there is still something to hear.</summary>
    internal SentOrder? RecallNewest()
    {
        lock (_gate)
        {
            return _orders.Count == 0 ? null : _orders[^1];
        }
    }

    /// <summary>An order that nobody has cancelled; whoever asks is the only one to be given it.</summary>
    internal SentOrder? TakeToCancel()
    {
        lock (_gate)
        {
            var order = _orders.FindLast(o => o.Cancelled == Answer.NotSent);
            order?.SetCancelled(Answer.Unknown);
            return order;
        }
    }

    /// <summary>Whether it is time to sign in again; says so at most once a second, as somebody who gets no answer would try.</summary>
    internal bool IsDue(DateTimeOffset now, TimeSpan before)
    {
        lock (_gate)
        {
            if (Token.ExpiresAt - now > before || now - _triedAt < TimeSpan.FromSeconds(1))
            {
                return false;
            }

            _triedAt = now;
            return true;
        }
    }
}

/// <summary>What a request is signed with.</summary>
internal sealed record AccessToken(string Value, DateTimeOffset ExpiresAt);
