namespace HighAvail.Drill.Bench;

/// <summary>All rounds of one contestant.</summary>
internal sealed record ContestResult(string Name, IReadOnlyList<Measurement> Rounds)
{
    public int Failed => Rounds.Sum(round => round.Failed);

    public Spread PerSecond => Spread.Of(Rounds.Select(round => round.PerSecond));

    public Spread Median => Spread.Of(Rounds.Select(round => round.Median));

    public Spread P99 => Spread.Of(Rounds.Select(round => round.P99));

    /// <summary>Round by round, as only those lie next to each other in time.</summary>
    public Spread RatioTo(ContestResult other) =>
        Spread.Of(Rounds.Zip(other.Rounds, (mine, theirs) => mine.PerSecond / theirs.PerSecond));
}
