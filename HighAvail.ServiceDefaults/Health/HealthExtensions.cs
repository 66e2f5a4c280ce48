using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace HighAvail.ServiceDefaults.Health;

/// <summary>The two probes of every service.</summary>
internal static class HealthExtensions
{
    /// <summary>How long one check may take. 500 ms: a paused dependency must not make the probe, which comes every second, hang.</summary>
    public static readonly TimeSpan CheckTimeout = TimeSpan.FromMilliseconds(500);

    public static void AddHealth(this IHostApplicationBuilder builder) => builder.Services.AddHealthChecks()
        .AddCheck<StartedCheck>("started", HealthStatus.Unhealthy)
        .AddCheck<DrainingCheck>("draining", HealthStatus.Unhealthy);

    public static void MapHealthEndpoints(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, HealthPaths.Alive, static _ => false);
        Map(endpoints, HealthPaths.Ready, predicate: null);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, Func<HealthCheckRegistration, bool>? predicate) =>
        endpoints.MapHealthChecks(path, new HealthCheckOptions { Predicate = predicate, ResponseWriter = HealthReportWriter.WriteAsync })
            .AllowAnonymous()
            .DisableRateLimiting()
            .DisableHttpMetrics();
}
