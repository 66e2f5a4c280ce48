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

        Assert.True(await IsAcquiredAsync(second));
    }

    [Fact]
    public async Task Enter_NoPlaceInABurst_IsRefusedAfterIt()
    {
        await EnterAsync();

        var second = EnterAsync();
        _time.Advance(_limits.BurstTime);

        Assert.False(await IsAcquiredAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Enter_PlacesAreTakenForLonger_IsRefusedAfterTheQueueTime(bool isFreeBefore)
    {
        var first = await EnterAsync();
        _time.Advance(_limits.BurstTime);

        var second = EnterAsync();
        Wait(first, _limits.QueueTime, isFreeBefore);

        Assert.Equal(isFreeBefore, await IsAcquiredAsync(second));
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
            holder = await next.WaitAsync(Patience.Token);
            _time.Advance(_moment);
        }

        var last = EnterAsync();
        _time.Advance(_limits.QueueTime);

        Assert.False(await IsAcquiredAsync(last));
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

        Assert.True(await IsAcquiredAsync(third));
    }

    // Whoever sets a longer time for the queue means it for bursts, too.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Enter_QueueTimeIsLongerThanABurst_WaitsForIt(bool isFreeBefore)
    {
        using var load = new LoadShedding(Options.Create(_limits with { BurstTime = TimeSpan.FromMilliseconds(10) }), _time);
        var first = await EnterAsync(load);

        var second = EnterAsync(load);
        Wait(first, _limits.QueueTime, isFreeBefore);

        Assert.Equal(isFreeBefore, await IsAcquiredAsync(second));
    }

    private void Wait(RateLimitLease holder, TimeSpan patience, bool isFreeBefore)
    {
        _time.Advance(patience - _moment);
        if (isFreeBefore)
        {
            holder.Dispose();
        }

        _time.Advance(_moment);
    }

    // If it waits for longer than it should, the clock here does not go on, and this ends it.
    private static async Task<bool> IsAcquiredAsync(Task<RateLimitLease> entering) => (await entering.WaitAsync(Patience.Token)).IsAcquired;

    private Task<RateLimitLease> EnterAsync(LoadShedding? load = null) =>
        (load ?? _load).EnterAsync("orders", isSlow: false, TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken).AsTask();
}
