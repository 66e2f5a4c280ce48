using HighAvail.Tests.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting;

/// <summary>The app host as a process of its own, as a person starts it.</summary>
[Collection(nameof(WholeMachine))]
public sealed class HostProcessTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Terminate_WhenAllIsHealthy_StopsEverythingAndExitsWithZero()
    {
        using var host = await AppHostProcess.StartAsync(Cancelled);
        await host.LineAsync("All resources are healthy", Cancelled);
        var children = host.Descendants();

        host.Signal("TERM");
        await host.WaitForExitAsync(Cancelled);

        Assert.Equal(0, host.ExitCode);
        Assert.True(children.Count >= 8, $"Only {children.Count} processes ran.");
        Assert.All(children, child => Assert.False(LinuxProcesses.IsRunning(child)));
    }

    [Fact]
    public async Task Kill_OfTheHost_LeavesNoProcessBehindAndTheNextStartWorks()
    {
        using var state = new AppHostState();
        using (var host = await AppHostProcess.StartAsync(state, Cancelled))
        {
            await host.LineAsync("All resources are healthy", Cancelled);
            var children = host.Descendants();

            host.Signal("KILL");
            await host.WaitForExitAsync(Cancelled);

            Assert.True(children.Count >= 8, $"Only {children.Count} processes ran.");
            await Eventually.TrueAsync(() => !children.Any(LinuxProcesses.IsRunning), "no process is left");
        }

        using var next = await AppHostProcess.StartAsync(state, Cancelled);
        await next.LineAsync("All resources are healthy", Cancelled);
    }

    [Fact]
    public async Task Kill_OfAReplica_IsToldWhileItHeals()
    {
        using var host = await AppHostProcess.StartAsync(Cancelled);
        await host.LineAsync("Distributed application started", Cancelled);
        var replica = host.Descendants().First(id => LinuxProcesses.Field(id, "Name:") == "HighAvail.Order");

        LinuxProcesses.Kill(replica);

        Assert.Contains("exited with code 137", await host.LineAsync("restarting", Cancelled), StringComparison.Ordinal);
        Assert.Contains("orders-", await host.LineAsync("healthy", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutPostgres_SaysWhatIsMissingAndExitsWithOne()
    {
        using var host = await AppHostProcess.StartAsync(Cancelled, "--HighAvail:Postgres:BinDirectory=/nonexistent");

        var line = await host.LineAsync("failed", Cancelled);
        await host.WaitForExitAsync(Cancelled);

        Assert.Contains("postgres", line, StringComparison.Ordinal);
        Assert.Contains("HighAvail:Postgres:BinDirectory", line, StringComparison.Ordinal);
        Assert.Equal(1, host.ExitCode);
    }
}

