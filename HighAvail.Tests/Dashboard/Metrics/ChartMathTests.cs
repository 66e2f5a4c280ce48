using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Tests.Dashboard.Metrics;

public sealed class ChartMathTests
{
    private const ulong Second = 1_000_000_000;

    private static readonly TimeBins _bins = new(100 * Second, Second, 10);

    [Fact]
    public void Rate_Increments_AreSpreadOverTheTimeTheyCameIn()
    {
        var rate = ChartMath.Rate(_bins, [Series(Point(98, 0), Point(102, 8), Point(103, 8), Point(105, 10))]);

        Assert.Equal([2, 2, 0, 1, 1, 0], rate[..6]);
        Assert.All(rate[6..], value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void Rate_SeveralSeries_AreAddedUp() =>
        Assert.Equal(5, ChartMath.Rate(_bins, [Series(Point(100, 0), Point(101, 2)), Series(Point(100, 7), Point(101, 10))])[0]);

    [Fact]
    public void Last_Values_HoldUntilTheNextOne()
    {
        var last = ChartMath.Last(_bins, [Series(Point(90, 1), Point(102, 3), Point(104, 5)), Series(Point(103, 10))]);

        Assert.Equal([1, 1, 3, 13, 5], last[..5]);
        Assert.Equal(double.NaN, last[6]);
    }

    [Fact]
    public void Quantiles_Increments_AreOfWhatCameOnly()
    {
        var quantiles = ChartMath.Quantiles(_bins, [Series(Distribution(100, 50, 0, 0), Distribution(101, 50, 10, 0), Distribution(102, 50, 10, 90))], 0.5, 1);

        Assert.Equal([1.5, 2], quantiles.Select(line => line[0]));
        Assert.Equal(2, quantiles[0][1]);
        Assert.Equal(double.NaN, quantiles[0][2]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 1)]
    [InlineData(0.75, 1.5)]
    [InlineData(1, 2)]
    public void Quantile_Part_LiesWithinItsRange(double part, double expected) => Assert.Equal(expected, Histogram.Quantile(part, [10, 10, 0], [1, 2]), 6);

    [Fact]
    public void Quantile_NothingOrBeyondTheLastBound_IsSaid()
    {
        Assert.Equal(double.NaN, Histogram.Quantile(0.5, [0, 0], [1]));
        Assert.Equal(double.NaN, Histogram.Quantile(0.5, [], []));
        Assert.Equal(7, Histogram.Quantile(0.5, [0, 0, 3], [5, 7]));
    }

    [Fact]
    public void Rebin_HalfTheResolution_KeepsAllCounts() => Assert.Equal([3, 7, 5], Histogram.Rebin([1, 2, 3, 4, 5], [1, 2, 4, 8], [2, 8]));

    [Fact]
    public void Last_OfAStretch_EndsBeforeNowInWholeParts()
    {
        var bins = TimeBins.Last(TimeSpan.FromMinutes(5), DateTimeOffset.UnixEpoch.AddSeconds(1_001.7));

        Assert.Equal((2 * Second, 150, 1_000 * Second), (bins.Width, bins.Count, bins.To));
    }

    [Theory]
    [InlineData("s", 0.25, 1_000, "ms", 400)]
    [InlineData("s", 3, 1, "s", 4)]
    [InlineData("By", 3_000_000, 1 / 1024.0 / 1024, "MiB", 4)]
    [InlineData("{request}", 0, 1, "request", 1)]
    [InlineData("", 99, 1, "", 100)]
    public void Scale_Values_HaveAPlaceInAUnitThatPeopleRead(string unit, double value, double factor, string name, double max)
    {
        var scale = ChartScale.Of(unit, [new("line", 0, [value, double.NaN])], null);

        Assert.Equal((factor, name, max, 0), (scale.Factor, scale.Unit, scale.Max, scale.Min));
    }

    [Theory]
    [InlineData(99.95, 99)]
    [InlineData(97, 96)]
    [InlineData(0, 0)]
    [InlineData(100, 99)]
    public void Scale_WithAnEnd_BeginsWhereSomethingIsToBeSeen(double lowest, double expected) =>
        Assert.Equal(expected, ChartScale.Of("%", [new("line", 0, [lowest, 100])], 100).Min);

    private static SeriesValues Series(params MetricPoint[] points) =>
        new(new(new TelemetryResource("s", "", 0), "meter", "name", "", "s", InstrumentKind.Counter), [], points);

    private static MetricPoint Point(int second, double value) => new((ulong)second * Second, (ulong)second * Second, value);

    private static MetricPoint Distribution(int second, params long[] counts) =>
        new((ulong)second * Second, (ulong)second * Second, 1, counts.Sum(), counts, [1, 2]);
}
