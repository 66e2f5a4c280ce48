namespace HighAvail.Drill.Bench;

/// <summary>
/// Measures several contestants in turn, round after round, so that whatever else happens on the machine happens to all of them.
/// Figures of different runs do not compare; those of one run do.
/// </summary>
internal sealed class Contest(BenchOptions options, Action<string> tell)
{
    public async Task<IReadOnlyList<ContestResult>> RunAsync(IReadOnlyList<Contestant> contestants, CancellationToken cancellationToken)
    {
        foreach (var contestant in contestants)
        {
            tell($"warm-up  {contestant.Name}");
            await RunAsync(contestant, options.WarmUp, cancellationToken);
        }

        var rounds = contestants.ToDictionary(contestant => contestant, _ => new List<Measurement>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                var measured = await RunAsync(contestant, options.Duration, cancellationToken);
                tell($"round {round}  {contestant.Name}: {measured.PerSecond:F0}/s, p50 {measured.Median:F1} ms, p99 {measured.P99:F1} ms, {measured.Failed} failed");
                rounds[contestant].Add(measured);
            }
        }

        return [.. contestants.Select(contestant => new ContestResult(contestant.Name, rounds[contestant]))];
    }

    private async Task<Measurement> RunAsync(Contestant contestant, TimeSpan duration, CancellationToken cancellationToken)
    {
        var measured = await ClosedLoop.RunAsync(contestant.Send, options.Clients, duration, cancellationToken);
        if (contestant.Settle is { } settle)
        {
            await settle(cancellationToken);
        }

        return measured;
    }
}
