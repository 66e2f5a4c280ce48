using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting;

/// <summary>Lets programs send their telemetry to the dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>
    /// Tells a program how it is called and, if there is a receiver of telemetry, where that is. Without one no endpoint is set, so that the
    /// program exports nothing instead of trying in vain.
    /// </summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment => builder.WithOtlp(null);

    /// <summary>Tells a program how it is called and, if there is a receiver of telemetry for the protocol, where that is.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="protocol">The only protocol that the program speaks.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment => builder.WithOtlp(protocol);

    private static IResourceBuilder<T> WithOtlp<T>(this IResourceBuilder<T> builder, OtlpProtocol? protocol)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isDevelopment = builder.ApplicationBuilder.Environment.IsDevelopment();
        return builder.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode)
            {
                AddVariables(context, protocol, isDevelopment);
            }
        });
    }

    private static void AddVariables(EnvironmentCallbackContext context, OtlpProtocol? protocol, bool isDevelopment)
    {
        var environment = context.EnvironmentVariables;
        var receiver = context.ExecutionContext.ServicesIfBuilt?.GetService<OtlpReceiver>();
        var chosen = receiver?.Choose(protocol);
        if (chosen is { } known)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = known.Endpoint.ToString().TrimEnd('/');
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = known.Protocol;
        }

        environment["OTEL_RESOURCE_ATTRIBUTES"] = new InstanceAttribute(context.Resource);
        environment["OTEL_SERVICE_NAME"] = context.Resource.Name;
        if (chosen is not null && receiver!.ApiKey is { } key)
        {
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (isDevelopment)
        {
            // Someone is looking: everything is sent, and at once.
            environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            environment["OTEL_TRACES_SAMPLER"] = "always_on";
            environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        }
    }

    /// <summary>Tells one replica from another in the telemetry.</summary>
    private sealed class InstanceAttribute(IResource resource) : IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(Of(resource.Name));

        public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<string?>(Of(context.Replica ?? resource.Name));

        private static string Of(string replica) => $"service.instance.id={replica}";
    }
}

/// <summary>How telemetry is sent.</summary>
public enum OtlpProtocol
{
    /// <summary>OTLP over gRPC.</summary>
    Grpc,

    /// <summary>OTLP over HTTP with Protobuf.</summary>
    HttpProtobuf,

    /// <summary>OTLP over HTTP with JSON.</summary>
    HttpJson,
}
