using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Resources;

/// <summary>How a server that elsewhere is a container runs on this machine: as one plain process on the port that others connect to.</summary>
internal interface INativeProcess : IResourceAnnotation
{
    /// <summary>Makes everything ready and says what to start.</summary>
    /// <exception cref="ReplicaConfigurationException">It cannot run until something is changed; the message says what.</exception>
    Task<ProcessSpec> PrepareAsync(NativeProcessContext context, CancellationToken cancellationToken);

    /// <summary>Whether the server answers.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}

/// <summary>What a native process is told about the host it runs in.</summary>
/// <param name="Port">The port to listen on.</param>
/// <param name="Configuration">The app host's configuration.</param>
/// <param name="Directories">The host's folders.</param>
/// <param name="Launcher">Starts programs that end with the host.</param>
/// <param name="Output">The resource's log: whether it is standard error, and the line.</param>
/// <param name="TellAsync">Says what the start is waiting for, as the state of the resource.</param>
internal sealed record NativeProcessContext(
    int Port,
    IConfiguration Configuration,
    HostDirectories Directories,
    IProcessLauncher Launcher,
    Action<bool, string> Output,
    Func<string, Task> TellAsync);

/// <summary>The health check of a native server and of what lives in it.</summary>
internal sealed class ProcessHealthCheck(INativeProcess process) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await process.IsReadyAsync(cancellationToken).ConfigureAwait(false)
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "It does not answer.");
}
