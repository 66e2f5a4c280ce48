using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.ServiceDefaults.Health;

/// <summary>Unhealthy until the start-up tasks are done.</summary>
internal sealed class StartedCheck(StartupGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gate.IsOpen
            ? HealthCheckResult.Healthy("Started.")
            : HealthCheckResult.Unhealthy(gate.Current is { } task ? $"Starting: {task}." : "Starting."));
}
