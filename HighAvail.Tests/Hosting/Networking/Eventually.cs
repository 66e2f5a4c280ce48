using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>Waits for a condition that another thread or process brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    public static Task IsTrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? text = null) =>
        IsTrueAsync(() => ValueTask.FromResult(condition()), text);

    public static async Task IsTrueAsync(Func<ValueTask<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? text = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < _limit, $"Not within {_limit.TotalSeconds} s: {text}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
