using HighAvail.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace HighAvail.ServiceDefaults.Telemetry;

/// <summary>Logs, metrics and traces over OTLP.</summary>
internal static class TelemetryExtensions
{
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<LoggerFilterOptions>(static options => options.Rules.InsertDefaults());

        builder.Services.AddSingleton<ServiceMetrics>();

        // Nobody listens: do not even construct the providers. They cost every start, and every request.
        if (!builder.IsExporting())
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(static logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SamplingOptions>, SamplingOptionsValidator>());
        builder.Services.AddOptions<SamplingOptions>().BindConfiguration("Sampling").ValidateOnStart();
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter(ServiceMetrics.MeterName, builder.Environment.ApplicationName)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .SetSampler(static services => new BudgetSampler(
                    services.GetRequiredService<IOptions<SamplingOptions>>().Value, services.GetRequiredService<TimeProvider>()))
                .AddProcessor(new KeepErrors())
                .AddSource(builder.Environment.ApplicationName)
                .AddAspNetCoreInstrumentation(static options => options.Filter = static context => !HealthPaths.IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
    }

    public static bool IsExporting(this IHostApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    // In front of the rules from configuration, which therefore still win.
    private static void InsertDefaults(this IList<LoggerFilterRule> rules)
    {
        // A line per check that is not healthy, with every probe. Who probes sees it in the answer, and the clients log the failures themselves.
        rules.Insert(0, new LoggerFilterRule(providerName: null, "Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical, filter: null));
        // Two lines per request, for every request, probes included: requests are what traces and metrics are for.
        rules.Insert(0, new LoggerFilterRule(providerName: null, "Microsoft.AspNetCore", LogLevel.Warning, filter: null));
        // A line for every time that Redis is late. The connection tells when it goes and when it comes back.
        rules.Insert(0, new LoggerFilterRule(providerName: null, "ZiggyCreatures.Caching.Fusion", LogLevel.Error, filter: null));
        rules.Insert(0, new LoggerFilterRule(providerName: null, "System.Net.Http.HttpClient", LogLevel.Warning, filter: null));
    }
}
