using System.Net;
using System.Net.Sockets;

namespace HighAvail.Hosting.Networking;

/// <summary>What "localhost" can be on this machine.</summary>
internal static class LoopbackAddresses
{
    public static bool HasIPv6 { get; } = CanBindIPv6();

    /// <summary>Whether a host name means this machine itself: RFC 6761 says so of localhost and of every name under it.</summary>
    public static bool IsName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IsNameUnderLocalhost(host);

    /// <summary>Whether a host name is one such as <c>shop.localhost</c>, which browsers know without being told.</summary>
    public static bool IsNameUnderLocalhost(string host) => host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>The host by which others reach what listens on the given one.</summary>
    /// <remarks>Nobody can connect to "every address", and not every program knows the names under localhost.</remarks>
    public static string HostFor(string targetHost) =>
        targetHost is "*" or "+" or "0.0.0.0" or "::" or "[::]" || IsName(targetHost) ? "localhost" : targetHost;

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
