using HighAvail.OrderService.Orders;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class PlaceOrderRequestTests
{
    private static readonly PlaceOrderLine _line = new("sku-1", 1, 100);

    [Fact]
    public void Validate_EverythingAtItsLimits_Accepts()
    {
        var lines = Enumerable.Repeat(new PlaceOrderLine(new string('A', 64), 10_000, 1_000_000_000), 100).ToArray();

        Assert.Empty(new PlaceOrderRequest("EUR", lines).Validate());
        Assert.Empty(new PlaceOrderRequest("JPY", [new("a", 1, 0)]).Validate());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("eur")]
    [InlineData("EURO")]
    [InlineData("XXX")]
    [InlineData("XAU")]
    [InlineData("DEM")]
    [InlineData("HRK")]
    public void Validate_NoActiveCurrency_Refuses(string? currency) =>
        Assert.Equal(["currency"], new PlaceOrderRequest(currency, [_line]).Validate().Keys);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    public void Validate_BadSku_NamesItsLine(string? sku) =>
        Assert.Equal(["lines[1].sku"], new PlaceOrderRequest("EUR", [_line, _line with { Sku = sku }]).Validate().Keys);

    [Fact]
    public void Validate_LongSku_Refuses() =>
        Assert.Equal(["lines[0].sku"], new PlaceOrderRequest("EUR", [_line with { Sku = new string('a', 65) }]).Validate().Keys);

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(10_001L)]
    [InlineData(long.MaxValue)]
    public void Validate_QuantityOutOfRange_Refuses(long? quantity) =>
        Assert.Equal(["lines[0].quantity"], new PlaceOrderRequest("EUR", [_line with { Quantity = quantity }]).Validate().Keys);

    [Theory]
    [InlineData(null)]
    [InlineData(-1L)]
    [InlineData(1_000_000_001L)]
    public void Validate_PriceOutOfRange_Refuses(long? price) =>
        Assert.Equal(["lines[0].unitPrice"], new PlaceOrderRequest("EUR", [_line with { UnitPrice = price }]).Validate().Keys);

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Validate_NumberOfLines_IsOneToOneHundred(int count) =>
        Assert.Equal(["lines"], new PlaceOrderRequest("EUR", Enumerable.Repeat(_line, count).ToArray()).Validate().Keys);

    [Fact]
    public void Validate_NullLine_NamesIt() =>
        Assert.Equal(["lines[0]"], new PlaceOrderRequest("EUR", [null]).Validate().Keys);
}
