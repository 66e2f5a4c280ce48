using HighAvail.Drill.Faults;

namespace HighAvail.Tests.Drill.Faults;

public class FaultScheduleTests
{
    private static readonly IReadOnlyList<Scenario> _scenarios = ScenarioFile.ReadBuiltIn();

    [Fact]
    public void Random_SameSeed_IsTheSameSchedule()
    {
        var first = FaultSchedule.Random(42, _scenarios).Take(200).ToArray();

        Assert.Equal(first, FaultSchedule.Random(42, _scenarios).Take(200));
        Assert.NotEqual(first, FaultSchedule.Random(43, _scenarios).Take(200));
        Assert.Equal(_scenarios.Count, first.Select(f => f.Scenario).Distinct().Count());
        Assert.All(first, f => Assert.InRange(f.Pause, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Random_SeedOfAReport_StaysWhatItWas()
    {
        // Whoever has a seed from an old report wants the faults of then.
        var begin = FaultSchedule.Random(7, _scenarios).Take(3).Select(f => $"{f.Pause.TotalMilliseconds} {f.Scenario.Name}");

        Assert.Equal("4141 pause-postgres, 6779 kill-users, 3981 pause-redis", string.Join(", ", begin));
    }
}
