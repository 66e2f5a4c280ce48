using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>How the services know each other: by one secret that the app host makes up.</summary>
public static class ServiceKeyExtensions
{
    internal const string Header = "X-Service-Key";

    /// <summary>
    /// Adds what <see cref="RequireServiceKey"/> and <see cref="AddServiceKey(IHttpClientBuilder)"/> need, the setting <c>ServiceKey</c>, and
    /// <see cref="DerivedKeys"/>.
    /// </summary>
    /// <param name="builder">The builder of the service.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddServiceKey(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ServiceKeyOptions>, ServiceKeyOptionsValidator>());
        builder.Services.AddOptions<ServiceKeyOptions>()
            .Configure<IConfiguration>(static (options, configuration) => options.ServiceKey = configuration["ServiceKey"])
            .ValidateOnStart();
        builder.Services.TryAddSingleton(static services => new DerivedKeys(services.GetRequiredService<IOptions<ServiceKeyOptions>>()));
        return builder;
    }

    /// <summary>Answers 401 to whoever does not show the service key, compared in constant time. The public is not told of these endpoints.</summary>
    /// <param name="group">Endpoints that the gateway does not route.</param>
    /// <returns>The same group.</returns>
    public static RouteGroupBuilder RequireServiceKey(this RouteGroupBuilder group) =>
        group.AddEndpointFilter<ServiceKeyFilter>().ExcludeFromDescription();

    /// <summary>Shows the service key with every request.</summary>
    /// <param name="client">A client of another service of this system.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddServiceKey(this IHttpClientBuilder client) =>
        client.ConfigureHttpClient(static (services, http) =>
            http.DefaultRequestHeaders.Add(Header, services.GetRequiredService<IOptions<ServiceKeyOptions>>().Value.ServiceKey));
}
