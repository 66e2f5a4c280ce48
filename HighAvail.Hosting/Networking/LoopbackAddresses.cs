using System.Net;
using System.Net.Sockets;

namespace HighAvail.Hosting.Networking;

/// <summary>What "localhost" can be on this machine.</summary>
internal static class LoopbackAddresses
{
    public static bool HasIPv6 { get; } = CanBindIPv6();

    private static bool CanBindIPv6()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
