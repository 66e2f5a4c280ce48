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
        proxy.Use(BlameAsync);
        proxy.UseLoadBalancing();
    });

    /// <summary>Sends plain HTTP to HTTPS, except the probes, which come without knowing the public port.</summary>
    public static void UseHttpsOnly(this WebApplication app) =>
        app.UseWhen(static context => !HealthPaths.IsProbe(context.Request.Path), static branch => branch.UseHttpsRedirection());

    // The proxy answers 400, "yours was wrong", to two failures that are not the client's: it cannot tell the end of our patience from a client that has
    // gone; and a replica that dies while the body is being read ends the reading, which looks like a body that could not be read.
    internal static async Task BlameAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted)
        {
            return;
        }

        if (context.Features.Get<IHttpRequestTimeoutFeature>() is { RequestTimeoutToken.IsCancellationRequested: true })
        {
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
        else if (context.GetForwarderErrorFeature() is { Error: ForwarderError.RequestBodyClient, Exception: AggregateException failures }
            && failures.InnerExceptions is [OperationCanceledException, ..])
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }
}
