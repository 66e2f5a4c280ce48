using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.StructuredLogs;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Traces;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>Receives telemetry and keeps the last of it.</summary>
internal static class TelemetryExtensions
{
    // What Aspire's dashboard is told by, so that whoever starts that can start this.
    private static readonly (string Variable, string Setting)[] _aspireNames =
    [
        ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "Dashboard:Otlp:GrpcEndpointUrl"),
        ("DOTNET_DASHBOARD_OTLP_ENDPOINT_URL", "Dashboard:Otlp:GrpcEndpointUrl"),
        ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "Dashboard:Otlp:HttpEndpointUrl"),
        ("DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "Dashboard:Otlp:HttpEndpointUrl"),
    ];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        foreach (var (variable, setting) in _aspireNames)
        {
            if (builder.Configuration[variable] is { Length: > 0 } value)
            {
                builder.Configuration[setting] = value;
            }
        }

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<TelemetryLimits>().BindConfiguration("Dashboard:TelemetryLimits").ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryLimits>, TelemetryLimitsValidator>();
        services.AddOptions<OtlpOptions>().BindConfiguration("Dashboard:Otlp").ValidateOnStart();
        services.AddSingleton<IValidateOptions<OtlpOptions>, OtlpOptionsValidator>();
        services.AddSingleton<TelemetryResources>();
        services.AddSingleton<TraceStore>();
        services.AddSingleton<LogStore>();
        services.AddSingleton<MetricStore>();
        services.AddSingleton<OtlpIntake>();
        services.AddHostedService<OtlpServer>();
    }
}
