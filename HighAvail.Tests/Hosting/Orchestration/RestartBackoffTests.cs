using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class RestartBackoffTests
{
    [Fact]
    public void Next_WithoutJitter_IsImmediateThenDoublesToTheLimit()
    {
        var backoff = new RestartBackoff(new() { Jitter = 0 }, new Random(1));

        var delays = Enumerable.Range(0, 10).Select(_ => backoff.Next().TotalMilliseconds);

        Assert.Equal([0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000], delays);
    }

    [Fact]
    public void Next_AfterVeryManyRestarts_StaysAtTheLimit()
    {
        var backoff = new RestartBackoff(new() { Jitter = 0 }, new Random(1));

        var delays = Enumerable.Range(0, 5000).Select(_ => backoff.Next()).ToList();

        Assert.All(delays.Skip(10), delay => Assert.Equal(TimeSpan.FromSeconds(10), delay));
    }

    [Fact]
    public void Next_WithJitter_SpreadsAroundTheDelay()
    {
        var delays = new List<double>();
        for (var seed = 0; seed < 200; seed++)
        {
            var backoff = new RestartBackoff(new() { Jitter = 0.2 }, new Random(seed));
            _ = backoff.Next();
            delays.Add(backoff.Next().TotalMilliseconds);
        }

        Assert.All(delays, delay => Assert.InRange(delay, 80, 120));
        Assert.True(delays.Max() - delays.Min() > 30);
    }

    [Theory]
    [InlineData(29.9, 200)]
    [InlineData(30, 0)]
    public void WasHealthy_LongEnough_StartsOver(double seconds, double expectedMilliseconds)
    {
        var backoff = new RestartBackoff(new() { Jitter = 0 }, new Random(1));
        _ = backoff.Next();
        _ = backoff.Next();

        backoff.WasHealthy(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expectedMilliseconds, backoff.Next().TotalMilliseconds);
    }
}
