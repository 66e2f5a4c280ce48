using HighAvail.ServiceDefaults.Health;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace HighAvail.Gateway.Routing;

/// <summary>What the public may reach, and which service answers it. Whatever is not listed, <c>/internal</c> above all, does not exist from outside.</summary>
internal static class GatewayRoutes
{
    private const string Auth = "auth";
    private const string OrderEvents = "order-events";
    private const string Users = "users";
    private const string Orders = "orders";

    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        Route(Auth, "/auth/{**rest}", Users),
        Route("refresh", "/auth/refresh", Users),
        Route("logout", "/auth/logout", Users),
        Route("users", "/users/{**rest}", Users),
        Route("well-known", "/.well-known/{**rest}", Users),
        Route("orders", "/orders/{**rest}", Orders),
        Route("users-document", "/openapi/users.json", Users, [HttpMethods.Get]),
        Route("orders-document", "/openapi/orders.json", Orders, [HttpMethods.Get]),
        Route(OrderEvents, "/orders/{id}/events", Orders, [HttpMethods.Get]),
    ];

    /// <param name="isProbed">Whether somebody else probes the replicas and takes those out of discovery that are not ready.</param>
    public static IReadOnlyList<ClusterConfig> Clusters(bool isProbed) => [Cluster(Users, isProbed), Cluster(Orders, isProbed)];

    /// <summary>Whether the answer is open for as long as the client listens.</summary>
    public static bool IsStream(RouteModel route) => route.Config.RouteId == OrderEvents;

    /// <summary>Whether a password may be checked, which takes its time.</summary>
    public static bool ChecksPassword(RouteModel route) => route.Config.RouteId == Auth;

    private static RouteConfig Route(string id, string path, string cluster, string[]? methods = null) =>
        new() { RouteId = id, ClusterId = cluster, Match = new RouteMatch { Path = path, Methods = methods } };

    private static ClusterConfig Cluster(string service, bool isProbed) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        // HTTP/2 where TLS negotiates it: half again as many requests a second as HTTP/1.1. Plain http has no negotiation and stays at 1.1.
        HttpRequest = new ForwarderRequestConfig
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            // How long an answer that has begun may be silent: a stream sends a comment every 15 s.
            ActivityTimeout = TimeSpan.FromMinutes(1),
        },
        // As Kestrel takes them. What is allowed is for the services to say.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8" },
        HealthCheck = new HealthCheckConfig
        {
            // When all look ill, it is more likely that the looking is wrong.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            // Who is ill is decided with each try (RetryMiddleware), not by YARP's own policies.
            Passive = new PassiveHealthCheckConfig { Enabled = true },
            // Asking a second time would cost every replica its CPU time twice and say the same.
            Active = new ActiveHealthCheckConfig
            {
                Enabled = !isProbed,
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(1),
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = HealthPaths.Ready,
            },
        },
        // The name that discovery resolves: https where there is one, else http.
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"https+http://{service}" } },
    };
}
