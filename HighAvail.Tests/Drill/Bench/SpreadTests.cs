using HighAvail.Drill.Bench;

namespace HighAvail.Tests.Drill.Bench;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2, 1, 3)]
    [InlineData(new[] { 4.0, 1, 2, 9 }, 3, 1, 9)]
    [InlineData(new[] { 7.0 }, 7, 7, 7)]
    public void Of_Values_IsMiddleAndRange(double[] values, double median, double lowest, double highest) =>
        Assert.Equal(new Spread(median, lowest, highest), Spread.Of(values));

    [Fact]
    public void RatioTo_Rounds_ComparesThoseThatLieNextToEachOther()
    {
        var slowThenFast = new ContestResult("mine", [Round(50), Round(200)]);
        var theirs = new ContestResult("theirs", [Round(100), Round(400)]);

        Assert.Equal(new Spread(0.5, 0.5, 0.5), slowThenFast.RatioTo(theirs));
    }

    private static Measurement Round(double perSecond) => new(perSecond, 1, 2, 0);
}
