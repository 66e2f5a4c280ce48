using System.Threading.RateLimiting;
using HighAvail.Gateway.Limits;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Gateway.Limits;

public sealed class QueueTimeTests : IDisposable
{
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    private readonly LimitOptions _limits = new() { Concurrency = 1 };
    private readonly FakeTimeProvider _time = new();
    private readonly LoadShedding _load;

    public QueueTimeTests() => _load = new(Options.Create(_limits), _time);

    public void Dispose() => _load.Dispose();

    [Fact]
    public async Task Enter_PlacesAreTakenForAMoment_WaitsAsLongAsABurst()
    {
        var first = await EnterAsync();
        _time.Advance(_limits.BurstTime - _moment);

        var second = EnterAsync();
        _time.Advance(_limits.BurstTime - _moment);
        Assert.False(second.IsCompleted);
        first.Dispose();

        Assert.True((await second).IsAcquired);
    }

    [Fact]
    public async Task Enter_NoPlaceInABurst_IsRefusedAfterIt()
    {
        await EnterAsync();

        var second = EnterAsync();
        _time.Advance(_limits.BurstTime);

        Assert.False((await second).IsAcquired);
    }

    [Fact]
    public async Task Enter_PlacesAreTakenForLonger_IsRefusedAfterTheQueueTime()
    {
        await EnterAsync();
        _time.Advance(_limits.BurstTime);

        var second = EnterAsync();
        _time.Advance(_limits.QueueTime - _moment);
        Assert.False(second.IsCompleted);
        _time.Advance(_moment);

        Assert.False((await second).IsAcquired);
    }

    // What counts is that nobody waits: a queue in which each gets his turn, and which never ends, is not a burst.
    [Fact]
    public async Task Enter_PlacesChangeHandsAndAreNeverFree_IsNoBurst()
    {
        var holder = await EnterAsync();
        for (var waited = TimeSpan.Zero; waited < _limits.BurstTime; waited += _limits.QueueTime)
        {
            var next = EnterAsync();
            _time.Advance(_limits.QueueTime - _moment);
            holder.Dispose();
            holder = await next;
            _time.Advance(_moment);
        }

        var last = EnterAsync();
        _time.Advance(_limits.QueueTime);

        Assert.False((await last).IsAcquired);
    }

    [Fact]
    public async Task Enter_APlaceWasFreeMeanwhile_WaitsAsLongAsABurstAgain()
    {
        var first = await EnterAsync();
        _time.Advance(_limits.BurstTime);
        first.Dispose();
        var second = await EnterAsync();

        var third = EnterAsync();
        _time.Advance(_limits.BurstTime - _moment);
        Assert.False(third.IsCompleted);
        second.Dispose();

        Assert.True((await third).IsAcquired);
    }

    // Whoever sets a longer time for the queue means it for bursts, too.
    [Fact]
    public async Task Enter_QueueTimeIsLongerThanABurst_WaitsForIt()
    {
        using var load = new LoadShedding(Options.Create(_limits with { BurstTime = TimeSpan.FromMilliseconds(10) }), _time);
        await EnterAsync(load);

        var second = EnterAsync(load);
        _time.Advance(_limits.QueueTime - _moment);

        Assert.False(second.IsCompleted);
        _time.Advance(_moment);
        Assert.False((await second).IsAcquired);
    }

    private Task<RateLimitLease> EnterAsync(LoadShedding? load = null) =>
        (load ?? _load).EnterAsync("orders", isSlow: false, TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken).AsTask();
}
