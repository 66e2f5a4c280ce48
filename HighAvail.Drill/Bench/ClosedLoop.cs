using System.Diagnostics;
using HdrHistogram;

namespace HighAvail.Drill.Bench;

/// <summary>
/// As many clients as there are connections, each sending its next request when the last one is answered: what a server can do at most.
/// (How it answers at a given rate is another question, and the drill's.)
/// </summary>
internal static class ClosedLoop
{
    private const int MaxMicroseconds = 60_000_000;

    /// <param name="send">Sends one request and says whether it was answered as it should be.</param>
    /// <param name="clients">How many send at the same time.</param>
    /// <param name="duration">When no further request is begun.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Measurement> RunAsync(
        Func<CancellationToken, Task<bool>> send, int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(ClientAsync, cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);

        var latencies = Empty();
        foreach (var (own, _) in results)
        {
            latencies.Add(own);
        }

        return new Measurement(
            latencies.TotalCount / elapsed.TotalSeconds,
            latencies.GetValueAtPercentile(50) / 1_000.0,
            latencies.GetValueAtPercentile(99) / 1_000.0,
            results.Sum(result => result.Failed));

        async Task<(LongHistogram Latencies, int Failed)> ClientAsync()
        {
            var own = Empty();
            var failed = 0;
            do
            {
                var begun = Stopwatch.GetTimestamp();
                if (await send(cancellationToken))
                {
                    own.RecordValue(Math.Min(MaxMicroseconds, (long)Stopwatch.GetElapsedTime(begun).TotalMicroseconds));
                }
                else
                {
                    failed++;
                }
            }
            while (Stopwatch.GetElapsedTime(started) < duration);

            return (own, failed);
        }
    }

    private static LongHistogram Empty() => new(MaxMicroseconds, 3);
}
