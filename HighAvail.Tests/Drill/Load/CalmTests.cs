using HighAvail.Drill.Load;

namespace HighAvail.Tests.Drill.Load;

public class CalmTests
{
    private static readonly TimeSpan _recovery = Seconds(2);

    private readonly SampleLog _log = new();

    [Fact]
    public void IsReached_NothingFailsAndRequestsAreAnswered_AfterTheRecoveryTime()
    {
        var calm = Begin();

        Add(Outcome.Ok, 10.5);

        Assert.False(calm.IsReached(Seconds(11.9), null));
        Assert.True(calm.IsReached(Seconds(12), Seconds(11.8)));
    }

    [Fact]
    public void IsReached_SystemHangs_Never()
    {
        var calm = Begin();

        Add(Outcome.Ok, 10.1);

        Assert.False(calm.IsReached(Seconds(13), Seconds(10.2)));
        Assert.False(calm.IsReached(Seconds(29), Seconds(10.2)));
    }

    [Fact]
    public void IsReached_NothingIsSent_Never()
    {
        var calm = Begin();

        Add(Outcome.Ok, 9.9);

        Assert.False(calm.IsReached(Seconds(29), null));
    }

    [Fact]
    public void IsReached_RequestFails_BeginsAnewAndNeedsAGoodOneAfterwards()
    {
        var calm = Begin();
        Add(Outcome.Ok, 11);
        Add(Outcome.Failed, 11.5);

        Assert.False(calm.IsReached(Seconds(12), null));
        Assert.False(calm.IsReached(Seconds(13.5), null));
        Add(Outcome.Ok, 11.6);
        Assert.True(calm.IsReached(Seconds(13.5), null));
    }

    [Fact]
    public void IsReached_WhatWasSentBeforeFailsLate_DoesNotBeginAnew()
    {
        var calm = Begin();
        Add(Outcome.Unknown, 9);
        Add(Outcome.Ok, 10.5);

        Assert.True(calm.IsReached(Seconds(12), null));
    }

    private Calm Begin() => new(_log, 0, Seconds(10), _recovery);

    private void Add(Outcome outcome, double intended) => _log.Add(new(RequestKind.Read, outcome, Seconds(intended), TimeSpan.Zero, Seconds(0.1)));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
