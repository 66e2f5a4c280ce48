using HighAvail.Drill;

namespace HighAvail.Tests.Drill;

public class CommandRunnerTests
{
    [Theory]
    [InlineData("--rate abc", "'abc'")]
    [InlineData("--rate 0", "--rate is between 1 and 10000.")]
    [InlineData("--customers 0", "--customers is between 1 and 1000.")]
    [InlineData("--ratte 5", "'--ratte'")]
    [InlineData("--faults nothing", "There is no scenario 'nothing'. --faults takes all, none, external, random, or some of: kill-users")]
    [InlineData("--faults kill-orders,", "There is no scenario ''.")]
    [InlineData("--for 3m", "--for goes with --faults none, external or random")]
    [InlineData("--faults none --for 3", "--for takes a number and ms, s, m or h, such as 500ms, 3s or 30m, not '3'.")]
    [InlineData("--faults none --scenarios x", "--scenarios has no use with --faults none.")]
    [InlineData("--scenarios /nowhere/x", "/nowhere/x")]
    [InlineData("--target shop", "'shop' is no address")]
    [InlineData("--target https://x --faults all", "With --target, --faults is none or external")]
    [InlineData("--target https://x --attach", "--target and --attach exclude each other")]
    [InlineData("--target https://x --ca /nowhere/ca.crt", "/nowhere/ca.crt")]
    [InlineData("--ca ca.crt", "--ca goes with --target")]
    [InlineData("--edge haproxy --attach", "--edge goes with a system that the drill starts")]
    [InlineData("--edge haproxy --target https://x", "--edge goes with a system that the drill starts")]
    [InlineData("--slo 101", "--slo is a percentage")]
    [InlineData("--json /nowhere/x.json", "--json: there is no folder /nowhere.")]
    [InlineData("--html /", "--html: / is a folder.")]
    [InlineData("--attach /nowhere", "No system runs with the state folder /nowhere.")]
    public async Task Run_WhatCannotBeDone_SaysWhyInOneLine(string arguments, string message)
    {
        var error = new StringWriter();

        var exitCode = await CommandRunner.RunAsync(DrillCommand.Create(), arguments.Split(' '), error);

        Assert.Equal(DrillExitCode.NotDone, exitCode);
        Assert.StartsWith("error: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, error.ToString().Split('\n')[0], StringComparison.Ordinal);
    }
}
