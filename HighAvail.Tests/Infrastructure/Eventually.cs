using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Infrastructure;

/// <summary>Waits for a condition that another thread or process brings about, instead of for a time.</summary>
internal static class Eventually
{
    // Longer than anything takes on a busy machine: it only decides how soon a failure is told.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < _patience, $"Waited in vain: {what}.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Moves the clock on until the condition holds; returns by how much.</summary>
    public static async Task<TimeSpan> AdvanceUntilAsync(FakeTimeProvider time, Func<bool> condition, string what, int stepMilliseconds = 50)
    {
        var began = time.GetUtcNow();
        await TrueAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
                return false;
            },
            what);
        return time.GetUtcNow() - began;
    }
}
