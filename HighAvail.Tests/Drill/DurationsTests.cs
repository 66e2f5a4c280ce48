using HighAvail.Drill;

namespace HighAvail.Tests.Drill;

public class DurationsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("3s", 3)]
    [InlineData("1.5s", 1.5)]
    [InlineData("30m", 1800)]
    [InlineData("1h", 3600)]
    [InlineData("0s", 0)]
    public void TryParse_Durations_AreRead(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("s")]
    [InlineData("-3s")]
    [InlineData("3 s")]
    [InlineData("25h")]
    [InlineData("1e9s")]
    [InlineData("NaNs")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Durations.TryParse(text, out _));
}
