using System.Net.Sockets;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Gives every endpoint its stable address.</summary>
/// <param name="randomizePorts">Whether the ports that the model asks for are ignored.</param>
internal sealed class EndpointAllocator(bool randomizePorts)
{
    /// <exception cref="DistributedApplicationException">Two endpoints ask for the same port.</exception>
    internal void Allocate(IEnumerable<IResource> resources)
    {
        var owners = new Dictionary<int, string>();
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.Protocol == ProtocolType.Tcp))
            {
                var port = randomizePorts ? null : endpoint.Port;
                if (port is { } wanted && !owners.TryAdd(wanted, $"{resource.Name} ({endpoint.Name})"))
                {
                    throw new DistributedApplicationException($"{owners[wanted]} and {resource.Name} ({endpoint.Name}) both ask for port {wanted}. Give one of them another port.");
                }

                endpoint.AllocatedEndpoint = new(endpoint, LoopbackAddresses.HostFor(endpoint.TargetHost), port ?? PortAllocator.Next());
            }
        }
    }
}
