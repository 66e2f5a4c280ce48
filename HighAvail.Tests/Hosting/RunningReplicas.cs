using System.Diagnostics;
using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.EndToEnd;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Tests.Hosting;

/// <summary>The processes of the running system, by the names of their replicas.</summary>
internal static class RunningReplicas
{
    internal static int ProcessId(this ResourceEvent e) => (int)e.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;

    /// <summary>Kills a process and waits until another is healthy in its place; returns what was and what is.</summary>
    internal static async Task<(ResourceEvent Killed, ResourceEvent Healed)> KillAsync(
        this RunningSystem system, string replica, CancellationToken cancellationToken)
    {
        var notifications = system.App.ResourceNotifications;
        var killed = await notifications.WaitForResourceHealthyAsync(replica, cancellationToken);
        await system.ExecuteAsync(replica, "kill", cancellationToken);
        var healed = await notifications.WaitForResourceAsync(
            replica, e => e.Snapshot.HealthStatus == HealthStatus.Healthy && e.ProcessId() != killed.ProcessId(), cancellationToken);
        return (killed, healed);
    }

    internal static async Task ExecuteAsync(this RunningSystem system, string replica, string command, CancellationToken cancellationToken)
    {
        var result = await system.App.ResourceCommands.ExecuteCommandAsync(replica, command, cancellationToken);
        Assert.True(result.Success, result.Message);
    }

    /// <summary>Sends a signal that the host knows nothing of.</summary>
    internal static async Task SignalAsync(int processId, string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}
