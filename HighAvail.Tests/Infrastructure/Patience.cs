namespace HighAvail.Tests.Infrastructure;

/// <summary>How long a test waits for something that should happen by itself.</summary>
internal static class Patience
{
    // Longer than anything takes on a busy machine: it only turns a wait for ever into a failure that names the test.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    /// <summary>Cancelled when the test run is, or when the wait has taken too long.</summary>
    public static CancellationToken Token
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            source.CancelAfter(_limit);
            return source.Token;
        }
    }
}
