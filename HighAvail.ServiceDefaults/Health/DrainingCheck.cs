using HighAvail.ServiceDefaults.Draining;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.ServiceDefaults.Health;

/// <summary>Unhealthy as soon as the replica drains.</summary>
internal sealed class DrainingCheck(DrainSignal signal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(signal.IsDraining ? HealthCheckResult.Unhealthy("Draining.") : HealthCheckResult.Healthy("Not draining."));
}
