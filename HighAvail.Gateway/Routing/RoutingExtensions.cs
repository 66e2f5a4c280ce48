using HighAvail.ServiceDefaults.Health;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace HighAvail.Gateway.Routing;

/// <summary>The proxy and what comes before it.</summary>
internal static class RoutingExtensions
{
    public static void AddGatewayRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy().LoadFromMemory(GatewayRoutes.Routes, GatewayRoutes.Clusters);
        builder.Services.AddSingleton<IDestinationResolver, DiscoveryDestinationResolver>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ForwarderClientFactory>();

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration("Gateway").ValidateOnStart();
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<GatewayOptions>>(static (timeouts, gateway) =>
            timeouts.AddPolicy(GatewayRoutes.RequestTimeout, gateway.Value.RequestTimeout));

        builder.Services.Configure<HttpsRedirectionOptions>(static options =>
            // 308, not 307: it may be remembered, and like 307 it keeps method and body.
            options.RedirectStatusCode = StatusCodes.Status308PermanentRedirect);
    }

    public static void MapGatewayRoutes(this WebApplication app) => app.MapReverseProxy(static proxy =>
    {
        proxy.Use(AnswerTimeoutAsync);
        proxy.UseLoadBalancing();
    });

    /// <summary>Sends plain HTTP to HTTPS, except the probes, which come without knowing the public port.</summary>
    public static void UseHttpsOnly(this WebApplication app) =>
        app.UseWhen(static context => !HealthPaths.IsProbe(context.Request.Path), static branch => branch.UseHttpsRedirection());

    // The proxy cannot tell the end of our patience from a client that has gone, and answers 400 to both.
    private static async Task AnswerTimeoutAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!context.Response.HasStarted
            && context.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true })
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
    }
}
