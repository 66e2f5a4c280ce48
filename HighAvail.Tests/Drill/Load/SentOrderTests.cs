using HighAvail.Drill.Load;

namespace HighAvail.Tests.Drill.Load;

public class SentOrderTests
{
    [Fact]
    public void Sku_OfAnyOrder_NamesItAndNoOther()
    {
        var orders = Enumerable.Range(1, 2000).Select(i => new SentOrder("1a2b3c4d", i, Guid.Empty)).ToArray();

        Assert.All(orders, o => Assert.True(SentOrder.TryParse("1a2b3c4d", o.Sku, out var sequence) && sequence == o.Sequence));
        Assert.All(orders, o => Assert.Matches("^[A-Za-z0-9._-]{1,64}$", o.Sku));
        Assert.Equal(orders.Length, orders.Select(o => o.Key).Distinct().Count());
        Assert.All(orders, o => Assert.InRange(o.Quantity, 1, 10_000));
    }

    [Theory]
    [InlineData("drill-other-1")]
    [InlineData("drill-run-")]
    [InlineData("drill-run-1x")]
    [InlineData("drill-run--1")]
    [InlineData("tea")]
    public void TryParse_OfAnothersSku_IsRefused(string sku) => Assert.False(SentOrder.TryParse("run", sku, out _));
}
