namespace HighAvail.Drill.Faults;

/// <summary>Which faults come when.</summary>
internal static class FaultSchedule
{
    // Shorter and longer than the system takes to heal, so that faults also meet one that has not.
    private static readonly (double Shortest, double Longest) _pauseSeconds = (0.5, 10);

    /// <summary>Faults without an end, in an order and with pauses that the seed decides.</summary>
    internal static IEnumerable<PlannedFault> Random(int seed, IReadOnlyList<Scenario> scenarios)
    {
        // System.Random with a seed gives the same numbers on every version of .NET, so a seed in a report can be run again.
        var random = new Random(seed);
        while (true)
        {
            var pause = TimeSpan.FromMilliseconds(Math.Round(1000 * (_pauseSeconds.Shortest + (random.NextDouble() * (_pauseSeconds.Longest - _pauseSeconds.Shortest)))));
            yield return new(pause, scenarios[random.Next(scenarios.Count)]);
        }
    }

    /// <summary>Each fault once, after as long a pause each time.</summary>
    internal static IEnumerable<PlannedFault> Each(TimeSpan pause, IReadOnlyList<Scenario> scenarios) => scenarios.Select(s => new PlannedFault(pause, s));
}

/// <summary>A fault and how long nothing is done before it.</summary>
internal sealed record PlannedFault(TimeSpan Pause, Scenario Scenario);
