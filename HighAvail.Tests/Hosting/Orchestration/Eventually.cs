using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Orchestration;

internal static class Eventually
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(condition, what, () => { });

    /// <summary>Moves the clock on until the condition holds; returns by how much.</summary>
    public static async Task<TimeSpan> AdvanceUntilAsync(
        FakeTimeProvider time,
        Func<bool> condition,
        string what,
        int stepMilliseconds = 50)
    {
        var began = time.GetUtcNow();
        await TrueAsync(condition, what, () => time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds)));
        return time.GetUtcNow() - began;
    }

    private static async Task TrueAsync(Func<bool> condition, string what, Action between)
    {
        var deadline = TimeProvider.System.GetUtcNow() + _limit;
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"Not within {_limit}: {what}");
            between();
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
