using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace HighAvail.Gateway.Routing;

/// <summary>What the public may reach, and which service answers it. Whatever is not listed, <c>/internal</c> above all, does not exist from outside.</summary>
internal static class GatewayRoutes
{
    /// <summary>The time-out policy of every route that is not a stream.</summary>
    public const string RequestTimeout = "request";

    private const string Users = "users";
    private const string Orders = "orders";

    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        Route("auth", "/auth/{**rest}", Users),
        Route("users", "/users/{**rest}", Users),
        Route("well-known", "/.well-known/{**rest}", Users),
        Route("orders", "/orders/{**rest}", Orders),
        // Open for as long as the client listens.
        Route("order-events", "/orders/{id}/events", Orders) with { TimeoutPolicy = "Disable" },
    ];

    public static IReadOnlyList<ClusterConfig> Clusters { get; } = [Cluster(Users), Cluster(Orders)];

    private static RouteConfig Route(string id, string path, string cluster) =>
        new() { RouteId = id, ClusterId = cluster, Match = new RouteMatch { Path = path }, TimeoutPolicy = RequestTimeout };

    private static ClusterConfig Cluster(string service) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        // HTTP/2 where TLS negotiates it: half again as many requests a second as HTTP/1.1. Plain http has no negotiation and stays at 1.1.
        HttpRequest = new ForwarderRequestConfig
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        },
        // The name that discovery resolves: https where there is one, else http.
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"https+http://{service}" } },
    };
}
