using HighAvail.Drill;
using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;
using HighAvail.Drill.Report;
using HighAvail.Drill.Systems;
using HighAvail.Tests.Hosting.Control;

namespace HighAvail.Tests.Drill;

/// <summary>Which faults are made of a real host, and what is recorded of them.</summary>
public class DrillFaultsTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Theory]
    [InlineData((int)FaultMode.Random)]
    [InlineData((int)FaultMode.Scenarios)]
    public async Task Run_NoneOfTheFaultsCanBeMade_SaysWhy(int mode)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");
        await using var system = await RunningSystem.AttachAsync(host.Directories.State, Cancelled);
        var log = new SampleLog();
        var progress = new DrillProgress(new OpenLoop(1, log, TimeProvider.System), log);
        var options = new DrillOptions { Mode = (FaultMode)mode, Scenarios = new ScenarioFile("test").Parse("more: more\n scale server 3\nless: less\n scale server 1\n") };

        var problem = await Assert.ThrowsAsync<DrillException>(
            () => new DrillFaults(options, system, progress, TextReader.Null, TimeProvider.System).RunAsync(Cancelled));

        Assert.Contains("more: the host has no command 'scale'; less: the host has no command 'scale'", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["more", "less"], progress.Faults.Select(f => f.Name));
    }
}
