using HighAvail.OrderService.Signals;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.OrderService.Signals;

public sealed class WakeUpTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly WakeUp _wakeUp = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_SetBeforeOnceOrOften_EndsOneWait()
    {
        _wakeUp.Set();
        _wakeUp.Set();

        await WaitAsync();
        var second = WaitAsync();

        Assert.False(second.IsCompleted);
        _wakeUp.Set();
        await second;
    }

    [Fact]
    public async Task Wait_NotSet_EndsWithTheTime()
    {
        var wait = WaitAsync();
        _time.Advance(_minute - TimeSpan.FromMilliseconds(1));
        Assert.False(wait.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await wait;
    }

    [Fact]
    public async Task Wait_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = _wakeUp.WaitAsync(Timeout.InfiniteTimeSpan, _time, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private Task WaitAsync() => _wakeUp.WaitAsync(_minute, _time, Cancellation);
}
