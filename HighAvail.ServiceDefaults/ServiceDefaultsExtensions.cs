using HighAvail.ServiceDefaults.Discovery;
using HighAvail.ServiceDefaults.Draining;
using HighAvail.ServiceDefaults.Health;
using HighAvail.ServiceDefaults.OpenApi;
using HighAvail.ServiceDefaults.Problems;
using HighAvail.ServiceDefaults.Resilience;
using HighAvail.ServiceDefaults.Startup;
using HighAvail.ServiceDefaults.Telemetry;
using HighAvail.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the system gets: one call before it is built, one for its pipeline, one for its endpoints.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds discovery, resilience, TLS and trust, health, draining, telemetry and problem details.
    /// Call it first, so that everything added later can build on it.
    /// </summary>
    /// <param name="builder">The builder of a web application or of a worker.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddDiscovery();
        builder.AddTls();
        builder.AddResilience();
        builder.AddStartupGate();
        builder.AddDraining();
        builder.AddHealth();
        builder.AddTelemetry();
        builder.AddProblems();
        return builder;
    }

    /// <summary>
    /// Adds the common part of the pipeline: the trace id on every response, problem details for every failure, the limit of 256 KB for a
    /// body, and the wish to close connections while draining. Call it before any other middleware.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseMiddleware<ResponseHeadersMiddleware>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<RequestBodyLimitMiddleware>();
        return app;
    }

    /// <summary>
    /// Maps <c>/alive</c> (the process answers) and <c>/health</c> (started, and not draining), in every environment,
    /// and the OpenAPI document, where the service has one.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthEndpoints();
        app.MapApiDocument();
        return app;
    }
}
