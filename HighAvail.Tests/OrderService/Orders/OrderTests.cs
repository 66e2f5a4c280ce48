using HighAvail.OrderService.Orders;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class OrderTests
{
    [Fact]
    public void Place_LargestOrder_TotalIsExact()
    {
        var lines = Enumerable.Repeat(new OrderLine("a", 10_000, 1_000_000_000), 100).ToArray();

        var order = Order.Place(Guid.NewGuid(), Guid.NewGuid(), "EUR", lines, DateTime.UnixEpoch);

        Assert.Equal(1_000_000_000_000_000, order.Total);
    }

    [Fact]
    public void Place_NewOrder_IsPendingInItsFirstVersion()
    {
        var order = Order.Place(
            Guid.NewGuid(), Guid.NewGuid(), "EUR", [new("a", 2, 150), new("b", 1, 99)], DateTime.UnixEpoch);

        Assert.Equal(("pending", 399, 1), (order.Status, order.Total, order.Version));
        Assert.Equal(order.CreatedAt, order.UpdatedAt);
    }
}
