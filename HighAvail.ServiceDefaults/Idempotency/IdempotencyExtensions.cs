using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>Requests that can be repeated without being done twice.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Adds what <see cref="WithIdempotency"/> needs. The database of the service has a table <c>idempotency_keys (scope bytea PRIMARY KEY, request bytea,
    /// status smallint, location text, entity_tag text, body bytea, created_at timestamptz DEFAULT now())</c>.
    /// </summary>
    /// <param name="builder">The builder of a service that has added its <see cref="Npgsql.NpgsqlDataSource"/>.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddIdempotency(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdempotencyOptions>, IdempotencyOptionsValidator>());
        builder.Services.AddOptions<IdempotencyOptions>().BindConfiguration("Idempotency").ValidateOnStart();
        builder.AddServiceKey();
        builder.Services.AddSingleton<RequestFingerprints>();
        builder.Services.AddHostedService<KeyCleanUp>();
        return builder;
    }

    /// <summary>
    /// Answers a repetition, known by its <c>Idempotency-Key</c>, with what the first request was answered, and 422 where the key was used for
    /// another request. The handlers take an <see cref="IdempotentRequest"/>.
    /// </summary>
    /// <typeparam name="T">The builder of an endpoint or of a group.</typeparam>
    /// <param name="endpoint">The endpoint or group.</param>
    /// <returns>The same builder.</returns>
    public static T WithIdempotency<T>(this T endpoint)
        where T : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter<T, IdempotencyFilter>();
}
