using System.Diagnostics;
using System.Globalization;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Tests.Hosting;

/// <summary>What hosts that were killed left behind, while other processes have got their numbers.</summary>
[Collection(nameof(WholeMachine))]
public sealed class LeftoverStateTests : IDisposable
{
    private readonly AppHostState _state = new();

    private static CancellationToken Cancelled => Patience.Token;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task CommandAndStart_HostFileOfAForeignProcess_KnowThatNoHostRuns()
    {
        var file = Path.Combine(_state.Path, "host.json");
        await File.WriteAllTextAsync(
            file, $$"""{"processId":{{Environment.ProcessId}},"controlUrl":"http://127.0.0.1:1","apiKey":"forged"}""", Cancelled);

        using var command = await AppHostProcess.CommandAsync(_state, start => start.Environment.Remove("HighAvail__StateDirectory"), Cancelled, "ps", $"--HighAvail:StateDirectory={_state.Path}");
        var answer = await command.OutputAsync(Cancelled);
        using var host = await AppHostProcess.StartAsync(_state, Cancelled, "--HighAvail:Postgres:BinDirectory=/nonexistent");
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, command.ExitCode);
        Assert.StartsWith("error: No instance of this app host is running.", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("is running already", output, StringComparison.Ordinal);
        Assert.Contains("postgres  failed ", output, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Start_PostmasterLockNamesALivingForeignProcess_StartsPostgresAllTheSame()
    {
        using (var first = await AppHostProcess.StartAsync(_state, Cancelled))
        {
            await first.LineAsync("ordersdb  healthy", Cancelled);
        }

        // Of the same user, whose processes Postgres cannot tell from its own.
        string[] sleep = ["sleep", "600"];
        string[] command = SystemUser.ForPostgres() is { } user ? ["setpriv", .. user.SetPrivArguments, .. sleep] : sleep;
        using var foreign = Process.Start(command[0], command[1..]);
        try
        {
            var data = Path.Combine(_state.Path, "data", "postgres");
            string[] left = [foreign.Id.ToString(CultureInfo.InvariantCulture), data, "1790000000", "20001", "", "127.0.0.1", "1 1", "ready"];
            await File.WriteAllLinesAsync(Path.Combine(data, "postmaster.pid"), left, Cancelled);

            using var next = await AppHostProcess.StartAsync(_state, Cancelled);
            await next.LineAsync("ordersdb  healthy", Cancelled);

            Assert.DoesNotContain("restarting", next.Printed, StringComparison.Ordinal);
            Assert.False(foreign.HasExited);
        }
        finally
        {
            foreign.Kill();
            await foreign.WaitForExitAsync(CancellationToken.None);
        }
    }
}
