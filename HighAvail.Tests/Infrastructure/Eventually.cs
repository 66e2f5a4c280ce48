using System.Diagnostics;

namespace HighAvail.Tests.Infrastructure;

/// <summary>Waits for a condition instead of a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"Waited in vain: {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
