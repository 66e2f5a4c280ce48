using HighAvail.Drill.Load;

namespace HighAvail.Tests.Drill.Load;

public class CustomerTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void IsDue_TokenEndsSoon_IsSaidOncePerSecondUntilThereIsANewOne()
    {
        var customer = new Customer(Guid.NewGuid(), "ada@example.com", "secret") { Token = new("token", _now.AddMinutes(5)) };
        var before = TimeSpan.FromMinutes(2);

        Assert.False(customer.IsDue(_now, before));
        Assert.True(customer.IsDue(_now.AddMinutes(3), before));
        Assert.False(customer.IsDue(_now.AddMinutes(3).AddSeconds(0.9), before));
        Assert.True(customer.IsDue(_now.AddMinutes(3).AddSeconds(1), before));
        customer.Token = new("next", _now.AddMinutes(8));
        Assert.False(customer.IsDue(_now.AddMinutes(4), before));
    }

    [Fact]
    public void TakeToCancel_SeveralAsk_EachOrderIsGivenOnce()
    {
        var customer = new Customer(Guid.NewGuid(), "ada@example.com", "secret");
        var orders = Enumerable.Range(1, 3).Select(i => new SentOrder("run", i, customer.Id)).ToArray();
        Array.ForEach(orders, customer.Remember);

        var taken = Enumerable.Range(0, 4).Select(_ => customer.TakeToCancel()).ToArray();

        Assert.Equal([orders[2], orders[1], orders[0], null], taken);
        Assert.All(orders, o => Assert.Equal(Answer.Unknown, o.Cancelled));
        Assert.Same(orders[2], customer.RecallNewest());
    }
}
