using System.Net.Sockets;
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

        // Only the TCP connect is bounded here. The TLS handshake may take longer: while no replica is ready, the address of a service accepts
        // at once and holds the connection until one is. The whole request has its own limit.
        var connectTimeout = resilience.Value.ConnectTimeout;
        handler.ConnectTimeout = Timeout.InfiniteTimeSpan;
        handler.ConnectCallback = async (connection, cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(connectTimeout);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(connection.DnsEndPoint, limit.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                throw new TimeoutException($"No connection to {connection.DnsEndPoint} within {connectTimeout.TotalSeconds} s.");
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        authorities.Apply(handler);
    }
}
