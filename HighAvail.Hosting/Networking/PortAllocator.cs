using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// Free TCP ports on "localhost" for everything that has no fixed address.
/// </summary>
/// <remarks>
/// The state belongs to the process, so that several hosts in one process (tests) never get the same port.
/// Every process walks through the range once, from a random place: two processes meet rarely, and where they do, a port in use is skipped.
/// </remarks>
internal static class PortAllocator
{
    /// <summary>The lowest port handed out: above what well-known servers use by default.</summary>
    public const int First = 20_000;

    /// <summary>
    /// The end of the range, itself not handed out: below Linux's ephemeral range (from 32768), out of which
    /// the outgoing connections of a load generator would take the port of a replica that is just restarting.
    /// </summary>
    public const int End = 32_000;

    private static readonly int _start = RandomNumberGenerator.GetInt32(End - First);
    private static int _walked;

    /// <summary>A port that is free at this moment and was not handed out in this process before.</summary>
    /// <exception cref="InvalidOperationException">The whole range was handed out or is in use.</exception>
    public static int Next()
    {
        while (Interlocked.Increment(ref _walked) is var walked && walked <= End - First)
        {
            var port = First + ((_start + walked) % (End - First));
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException(
            $"No free port is left between {First} and {End}: this process was handed all of them. Restart it, and stop what else listens there.");
    }

    /// <summary>Whether a server could listen on <paramref name="port"/> on every loopback address of this machine.</summary>
    public static bool IsFree(int port) => IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port);

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            // On Unix .NET binds with SO_REUSEADDR: connections in TIME_WAIT do not count as use, which is right for a server,
            // but neither does another socket that is bound and not listening yet. Only listening tells them apart.
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // This machine has no IPv6 loopback: nobody can be listening there.
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
