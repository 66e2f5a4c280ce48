using System.Net;
using System.Net.Sockets;

namespace HighAvail.Tests.Infrastructure;

internal static class LoopbackPort
{
    /// <summary>A port on which nobody listens at the moment.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
