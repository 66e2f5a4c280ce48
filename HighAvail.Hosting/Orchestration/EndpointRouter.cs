using System.Net;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// Leads others to the ready replicas of one resource: by the front proxies of its endpoints, and by the discovery file.
/// </summary>
internal sealed class EndpointRouter : IAsyncDisposable
{
    private readonly IResourceWithEndpoints _resource;
    private readonly DiscoveryFile _discovery;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, IReadOnlyDictionary<EndpointAnnotation, int>> _ready = new(StringComparer.Ordinal);
    private readonly Dictionary<EndpointAnnotation, FrontProxy> _proxies = [];

    internal EndpointRouter(IResourceWithEndpoints resource, DiscoveryFile discovery, TimeProvider time, ILoggerFactory loggers)
    {
        _resource = resource;
        _discovery = discovery;
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsProxied))
        {
            _proxies[endpoint] = new(endpoint.AllocatedEndpoint!.Port, new FrontProxyOptions(), time, loggers.CreateLogger<FrontProxy>());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Opens the stable addresses.</summary>
    /// <exception cref="PortUnavailableException">One of them is taken.</exception>
    internal void Start()
    {
        foreach (var proxy in _proxies.Values)
        {
            proxy.Start();
        }
    }

    /// <summary>Notes that a replica can be given work, or no longer can.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="ports">The ports it listens on, or <see langword="null"/> when it is not ready.</param>
    internal void Update(string replica, IReadOnlyDictionary<EndpointAnnotation, int>? ports)
    {
        lock (_lock)
        {
            if (ports is null ? !_ready.Remove(replica) : _ready.TryGetValue(replica, out var known) && ReferenceEquals(known, ports))
            {
                return;
            }

            if (ports is not null)
            {
                _ready[replica] = ports;
            }

            foreach (var (endpoint, proxy) in _proxies)
            {
                proxy.Update([.. Ports(endpoint).Select(p => new IPEndPoint(IPAddress.Loopback, p))]);
            }

            if (_resource is IResourceWithServiceDiscovery)
            {
                Publish();
            }
        }
    }

    private void Publish()
    {
        foreach (var endpoint in _resource.Annotations.OfType<EndpointAnnotation>())
        {
            // By the same key as the environment variables that hold the stable address.
            var key = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
            _discovery.Set(_resource.Name, key, [.. Ports(endpoint).Select(p => new Uri($"{endpoint.UriScheme}://127.0.0.1:{p}"))]);
        }
    }

    private IEnumerable<int> Ports(EndpointAnnotation endpoint) => _ready.Values.Where(r => r.ContainsKey(endpoint)).Select(r => r[endpoint]);
}
