using HighAvail.ServiceDefaults.Resilience;
using HighAvail.ServiceDefaults.Tls;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace HighAvail.Gateway.Routing;

/// <summary>Connections to the services: trusted and timed as every other connection between processes of this system.</summary>
internal sealed class ForwarderClientFactory(
    TrustedAuthorities authorities, IOptions<ResilienceOptions> resilience, ILogger<ForwarderHttpClientFactory> logger)
    : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = resilience.Value.ConnectTimeout;
        authorities.Apply(handler);
    }
}
