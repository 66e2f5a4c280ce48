using System.Diagnostics;
using System.Globalization;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class KillableHostTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    public async Task HostKilled_ItsProcesses_AreGone(string user)
    {
        Assert.SkipUnless(LinuxProcessLauncher.IsSupported, "setsid and setpriv are needed");
        Assert.SkipUnless(user.Length == 0 || Environment.IsPrivilegedProcess, "only root may change the user");
        var cancellationToken = TestContext.Current.CancellationToken;
        var startInfo = new ProcessStartInfo("dotnet", [typeof(KillableHost).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        startInfo.Environment[KillableHost.Variable] = $"{user}:exec sleep 600\n{user}:trap '' TERM INT HUP; while :; do sleep 0.2; done";

        using var host = Process.Start(startInfo)!;
        var processes = new List<int>();
        try
        {
            while (processes.Count < 2)
            {
                var line = await host.StandardOutput.ReadLineAsync(cancellationToken);
                processes.Add(int.Parse(line!, CultureInfo.InvariantCulture));
            }

            await Eventually.TrueAsync(() => LinuxProcesses.Field(processes[0], "Name:") == "sleep", "the program runs");
            await Eventually.TrueAsync(() => LinuxProcesses.Field(processes[1], "Name:") == "sh", "the shell runs");
            var runsAsRoot = LinuxProcesses.Field(processes[0], "Uid:")!.StartsWith("0\t", StringComparison.Ordinal);
            Assert.Equal(user.Length == 0 && Environment.IsPrivilegedProcess, runsAsRoot);

            host.Kill();

            await Eventually.TrueAsync(() => !processes.Any(LinuxProcesses.IsRunning), "both are gone");
        }
        finally
        {
            host.Kill();
            foreach (var survivor in processes.Where(LinuxProcesses.IsRunning))
            {
                Libc.Signal(survivor, StopSignal.Kill);
            }
        }
    }
}
