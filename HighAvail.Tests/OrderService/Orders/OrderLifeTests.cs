using HighAvail.OrderService.Orders;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class OrderLifeTests
{
    private static readonly string[] _statuses = ["pending", "confirmed", "rejected", "cancelled", "shipped", "failed"];

    [Theory]
    [InlineData("confirmed", "pending → confirmed")]
    [InlineData("rejected", "pending → rejected")]
    [InlineData("failed", "pending → failed")]
    [InlineData("cancelled", "pending → cancelled, confirmed → cancelled")]
    [InlineData("shipped", "confirmed → shipped")]
    [InlineData("retried", "failed → pending")]
    [InlineData("placed", "")]
    public void After_EveryStatus_IsWhatTheApiPromises(string eventType, string expected)
    {
        var steps = _statuses
            .Select(status => (From: status, To: OrderLife.After(status, eventType)))
            .Where(step => step.To is not null)
            .Select(step => $"{step.From} → {step.To}");

        Assert.Equal(expected, string.Join(", ", steps));
    }

    [Fact]
    public void IsFinal_EveryStatus_MeansThatNoEventLeadsOn()
    {
        string[] events = ["placed", "confirmed", "rejected", "failed", "cancelled", "shipped", "retried"];

        Assert.All(_statuses, status => Assert.Equal(events.All(type => OrderLife.After(status, type) is null), OrderLife.IsFinal(status)));
    }

    [Fact]
    public void OrderAfter_ClockGoneBack_TimeStandsStill()
    {
        var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var order = Order.Place(Guid.Empty, Guid.Empty, "EUR", [], at);

        var changed = order.After(OrderEventType.Cancelled, at.AddSeconds(-1));

        Assert.Equal(order with { Status = "cancelled", Version = 2 }, changed);
        Assert.Null(changed!.After(OrderEventType.Cancelled, at));
    }
}
