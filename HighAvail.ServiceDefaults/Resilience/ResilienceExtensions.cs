using HighAvail.ServiceDefaults.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Resilience;

/// <summary>What every <see cref="HttpClient"/> gets: time-outs, circuit breaker, retry of safe methods, discovery and trust.</summary>
internal static class ResilienceExtensions
{
    public static void AddResilience(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ResilienceOptions>, ResilienceOptionsValidator>());
        builder.Services.AddOptions<ResilienceOptions>()
            .BindConfiguration("Resilience")
            .Validate(static o => o.TotalTimeout > o.AttemptTimeout, "Resilience:TotalTimeout must exceed Resilience:AttemptTimeout.")
            .ValidateOnStart();

        builder.Services.ConfigureHttpClientDefaults(static http =>
        {
            http.UseSocketsHttpHandler(static (handler, services) =>
            {
                handler.ConnectTimeout = services.GetRequiredService<IOptions<ResilienceOptions>>().Value.ConnectTimeout;
                services.GetRequiredService<TrustedAuthorities>().Apply(handler);
            });

            // The resilience handler is the outer one, so that every attempt asks discovery again.
            http.AddStandardResilienceHandler().Configure(static (options, services) =>
                Configure(options, services.GetRequiredService<IOptions<ResilienceOptions>>().Value));
            http.AddServiceDiscovery();
        });
    }

    private static void Configure(HttpStandardResilienceOptions options, ResilienceOptions resilience)
    {
        options.AttemptTimeout.Timeout = resilience.AttemptTimeout;
        options.TotalRequestTimeout.Timeout = resilience.TotalTimeout;
        // The library refuses a window shorter than two attempts.
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromTicks(
            Math.Max(options.CircuitBreaker.SamplingDuration.Ticks, 2 * resilience.AttemptTimeout.Ticks));
        // Only the gateway may repeat what changes something: it is the one that sees the idempotency key of the client.
        options.Retry.DisableForUnsafeHttpMethods();
    }
}
