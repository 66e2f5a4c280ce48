using HighAvail.Gateway.Forwarding;
using HighAvail.ServiceDefaults.Discovery;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace HighAvail.Gateway.Routing;

/// <summary>The proxy and what comes before it.</summary>
internal static class RoutingExtensions
{
    public static void AddGatewayRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy()
            .LoadFromMemory(GatewayRoutes.Routes, GatewayRoutes.Clusters(isProbed: builder.Configuration.HasDiscoveryFile()))
            .AddRetries();
        builder.Services.AddSingleton<IDestinationResolver, DiscoveryDestinationResolver>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ForwarderClientFactory>();
    }

    public static void MapGatewayRoutes(this WebApplication app) => app.MapReverseProxy(static proxy =>
    {
        proxy.UseMiddleware<RetryMiddleware>();
        proxy.UseLoadBalancing();
    });
}
