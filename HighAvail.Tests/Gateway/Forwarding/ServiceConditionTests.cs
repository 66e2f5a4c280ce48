using HighAvail.Gateway.Forwarding;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Gateway.Forwarding;

public sealed class ServiceConditionTests
{
    private static readonly TimeSpan _aftermath = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(nameof(TryOutcome.NoReplica))]
    [InlineData(nameof(TryOutcome.Refused))]
    [InlineData(nameof(TryOutcome.Later))]
    [InlineData(nameof(TryOutcome.Lost))]
    [InlineData(nameof(TryOutcome.Late))]
    public void Met_ATryThatFailed_IsTroubleForItsAftermath(string outcome)
    {
        var service = new ServiceCondition(0.2, TimeSpan.MaxValue, _aftermath, _time);
        Assert.False(service.IsInTrouble);

        service.Met(Enum.Parse<TryOutcome>(outcome));

        _time.Advance(_aftermath - _moment);
        Assert.True(service.IsInTrouble);
        _time.Advance(_moment);
        Assert.False(service.IsInTrouble);
    }

    [Theory]
    [InlineData(nameof(TryOutcome.Over))]
    [InlineData(nameof(TryOutcome.Broken))]
    [InlineData(nameof(TryOutcome.Crowded))]
    [InlineData(nameof(TryOutcome.Unsendable))]
    public void Met_ATryThatSaysNothingOfIt_IsNoTrouble(string outcome)
    {
        var service = new ServiceCondition(0.2, TimeSpan.MaxValue, _aftermath, _time);

        service.Met(Enum.Parse<TryOutcome>(outcome));

        Assert.False(service.IsInTrouble);
    }

    [Fact]
    public void IsInTrouble_NothingAnsweredForLongerThanItsSilence_UntilAnAnswer()
    {
        var service = new ServiceCondition(0.2, TimeSpan.FromSeconds(1), _aftermath, _time);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(service.IsInTrouble);
        _time.Advance(_moment);
        Assert.True(service.IsInTrouble);
        service.Met(TryOutcome.Over);

        Assert.False(service.IsInTrouble);
    }
}
