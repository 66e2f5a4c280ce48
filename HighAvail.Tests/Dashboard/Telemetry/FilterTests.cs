using HighAvail.Dashboard.Telemetry.Filters;

namespace HighAvail.Tests.Dashboard.Telemetry;

public sealed class FilterTests
{
    [Theory]
    [InlineData("is:a:x", "X", true)]
    [InlineData("is:a:x", "xy", false)]
    [InlineData("is:a:x", null, false)]
    [InlineData("isnot:a:x", null, true)]
    [InlineData("isnot:a:x", "X", false)]
    [InlineData("contains:a:rd", "ORDER", true)]
    [InlineData("contains:a:", null, false)]
    [InlineData("containsnot:a:rd", "order", false)]
    [InlineData("containsnot:a:rd", null, true)]
    [InlineData("greater:a:9", "10", true)]
    [InlineData("greater:a:9", "b", true)]
    [InlineData("greater:a:10", "9.5", false)]
    [InlineData("less:a:10", "9.5", true)]
    [InlineData("less:a:10", null, false)]
    [InlineData("less:a:2026-01-02T00:00:00Z", "2026-01-01T23:59:59Z", true)]
    [InlineData("greater:a:2026-01-02T00:00:00Z", "2026-01-01T23:59:59Z", false)]
    public void Accepts_Value_AsTheOperatorSays(string text, string? actual, bool expected)
    {
        Assert.True(Filter.TryParse(text, out var filter));

        Assert.Equal(expected, filter.Accepts(actual));
    }

    [Theory]
    [InlineData("")]
    [InlineData("is")]
    [InlineData("is:a")]
    [InlineData("is::x")]
    [InlineData("like:a:x")]
    [InlineData("7:a:x")]
    public void TryParse_NoCondition_IsNone(string text) => Assert.False(Filter.TryParse(text, out _));

    [Fact]
    public void TryParse_WhatToStringWrote_IsTheSame()
    {
        var filter = new Filter("a:b %&=", FilterOperator.ContainsNot, "c:d\n<script>");

        Assert.True(Filter.TryParse(filter.ToString(), out var parsed));

        Assert.Equal((filter.Field, filter.Operator, filter.Value), (parsed.Field, parsed.Operator, parsed.Value));
    }

    [Fact]
    public void Parse_Parameters_PassesOverWhatIsNone()
    {
        Assert.Empty(FilterParameters.Parse(null));
        Assert.Equal("b", Assert.Single(FilterParameters.Parse(["", "nothing", "is:a:b"])).Value);
        Assert.Equal(20, FilterParameters.Parse([.. Enumerable.Repeat("is:a:b", 5_000)]).Count);
    }
}
