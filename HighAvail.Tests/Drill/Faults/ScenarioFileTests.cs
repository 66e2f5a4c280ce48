using HighAvail.Drill;
using HighAvail.Drill.Faults;

namespace HighAvail.Tests.Drill.Faults;

public class ScenarioFileTests
{
    [Fact]
    public void ReadBuiltIn_Faults_AreThoseOfTheDesign()
    {
        var scenarios = ScenarioFile.ReadBuiltIn();

        Assert.Equal(
            [
                "kill-users", "kill-orders", "kill-gateway", "kill-all-but-one", "crash-during-start", "pause-users", "pause-orders", "pause-gateway",
                "pause-all-but-one", "users-away", "kill-redis", "pause-redis", "empty-redis", "kill-postgres", "pause-postgres", "rolling-restart", "scale",
            ],
            scenarios.Select(s => s.Name));
        Assert.All(scenarios, s => Assert.NotEmpty(s.Steps));
        Assert.Equal(
            ["rolling-restart users", "rolling-restart orders", "rolling-restart gateway"],
            scenarios.Single(s => s.Name == "rolling-restart").Steps.Select(s => s.ToString()));
    }

    [Fact]
    public void Parse_EveryKindOfStep_IsUnderstoodAndWrittenTheSameWay()
    {
        string[] steps =
        [
            "kill orders", "pause orders-0", "resume one orders", "stop all but one orders", "start users", "restart users", "rolling-restart orders",
            "scale orders 3", "empty cache", "wait 500ms", "wait 3s", "wait 2m", "wait for one orders to start",
        ];

        var scenario = Assert.Single(new ScenarioFile("mine").Parse($"# mine\r\n\r\nmy-fault:  All: of it \r\n\t{string.Join("\n  # why\n    ", steps)}\n"));

        Assert.Equal(("my-fault", "All: of it"), (scenario.Name, scenario.Title));
        Assert.Equal(steps, scenario.Steps.Select(s => s.ToString()));
    }

    [Theory]
    [InlineData("", "mine holds no scenario.")]
    [InlineData("# nothing\n", "mine holds no scenario.")]
    [InlineData("  kill orders", "mine:1: a step belongs to a scenario")]
    [InlineData("a: A\n\n  kil orders", "mine:3: there is no step 'kil', only: kill, pause,")]
    [InlineData("a: A\n  kill", "mine:2: '' is not what a step can be done to.")]
    [InlineData("a: A\n  kill two orders", "mine:2: 'two orders' is not what a step can be done to. That is a resource (orders)")]
    [InlineData("a: A\n  wait 3", "mine:2: wait takes a duration (a number and ms, s, m or h")]
    [InlineData("a: A\n  wait -3s", "mine:2: wait takes a duration")]
    [InlineData("a: A\n  scale orders 0", "mine:2: scale takes a resource and a number of replicas")]
    [InlineData("a: A\n  empty", "mine:2: empty takes a resource")]
    [InlineData("a: A\nb: B\n  kill orders", "mine:1: 'a' has no steps.")]
    [InlineData("a: A", "mine:1: 'a' has no steps.")]
    [InlineData("a: A\n  kill x\na: B", "mine:3: there is a scenario 'a' already.")]
    [InlineData("all: A", "mine:1: 'all' means something else to --faults")]
    [InlineData("A fault", "mine:1: a scenario begins with its name")]
    [InlineData("a:", "mine:1: a scenario begins with its name")]
    public void Parse_WhatIsNotUnderstood_SaysWhereAndWhatIsAllowed(string text, string message)
    {
        var exception = Assert.Throws<DrillException>(() => new ScenarioFile("mine").Parse(text));

        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAMissingFile_SaysSo() =>
        Assert.Contains("/nowhere/my.faults", Assert.Throws<DrillException>(() => ScenarioFile.Read("/nowhere/my.faults")).Message, StringComparison.Ordinal);
}
