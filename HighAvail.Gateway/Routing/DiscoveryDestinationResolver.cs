using HighAvail.ServiceDefaults.Discovery;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace HighAvail.Gateway.Routing;

/// <summary>Expands the name of a service to its ready replicas, and again whenever these change. Where it is known that there is none, to nothing.</summary>
internal sealed class DiscoveryDestinationResolver(ServiceEndpointResolver resolver, IConfiguration configuration) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>();
        var changes = new List<IChangeToken>(destinations.Count);
        foreach (var (name, destination) in destinations)
        {
            var source = await resolver.GetEndpointsAsync(destination.Address, cancellationToken);
            changes.Add(source.ChangeToken);
            if (configuration.HasNoReplica(name))
            {
                continue;
            }

            foreach (var endpoint in source.Endpoints)
            {
                var address = ToAddress(endpoint, destination.Address);
                // Named by its address, so that a replica that stays keeps its state (requests in flight, health) when another comes or goes.
                resolved[$"{name}/{address}"] = destination with { Address = address };
            }
        }

        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    // An endpoint that did not come from a URL ("host:port") has no scheme of its own: it gets the first that was asked for.
    private static string ToAddress(ServiceEndpoint endpoint, string requested)
    {
        var address = endpoint.ToString()!;
        return address.Contains("://", StringComparison.Ordinal)
            ? address
            : $"{requested.AsSpan(0, requested.AsSpan().IndexOfAny('+', ':'))}://{address}";
    }
}
