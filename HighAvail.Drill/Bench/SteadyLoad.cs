using HighAvail.Drill.Load;

namespace HighAvail.Drill.Bench;

/// <summary>Orders at a constant rate, from clients that do not wait for each other.</summary>
internal static class SteadyLoad
{
    /// <param name="send">Sends one request and says whether it was answered as it should be.</param>
    /// <param name="rate">Per second.</param>
    /// <param name="duration">How long.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<IReadOnlyList<Sample>> SendAsync(
        Func<CancellationToken, Task<bool>> send, int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var log = new SampleLog();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(duration);
        var request = new PlannedRequest(RequestKind.Place, async () =>
        {
            var isPlaced = await send(cancellationToken);
            return new Attempt(isPlaced ? Outcome.Ok : Outcome.Failed, TimeProvider.System.GetTimestamp());
        });
        await new OpenLoop(rate, log, TimeProvider.System).RunAsync(() => request, end.Token);
        return log.All();
    }
}
