using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// Free TCP ports on "localhost" for everything that has no fixed address.
/// </summary>
/// <remarks>
/// The state belongs to the process, so that several hosts in one process (tests) never get the same port. Between processes the range is divided:
/// each takes a stretch of it and listens on the first port there for as long as it lives. A port that was only seen to be free could be handed out
/// by two hosts that start together, before either one's server listens.
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

    /// <summary>How many ports a process takes at a time: a large system needs one stretch, and sixty hosts find room beside each other.</summary>
    internal const int StretchLength = 200;

    private const int Stretches = (End - First) / StretchLength;

    private static readonly Lock _gate = new();
    private static readonly List<Socket> _guards = [];
    private static readonly int _start = RandomNumberGenerator.GetInt32(Stretches);
    private static int _visited;
    private static IEnumerator<int> _stretch = Enumerable.Empty<int>().GetEnumerator();

    /// <summary>A port that is free at this moment and was not handed out in this process before.</summary>
    /// <exception cref="InvalidOperationException">The whole range was handed out or is in use.</exception>
    public static int Next()
    {
        lock (_gate)
        {
            while (_stretch.MoveNext() || TakeStretch())
            {
                // The guard's own port is not free either.
                if (IsFree(_stretch.Current))
                {
                    return _stretch.Current;
                }
            }
        }

        throw new InvalidOperationException(
            $"No free port is left between {First} and {End}: this process was handed all that no other host has. Stop other hosts, or restart this one.");
    }

    /// <summary>Whether a server could listen on <paramref name="port"/> on every loopback address of this machine.</summary>
    public static bool IsFree(int port) => IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port);

    private static bool TakeStretch()
    {
        while (_visited < Stretches)
        {
            var first = First + ((_start + _visited++) % Stretches * StretchLength);
            if (TryListen(IPAddress.Loopback, first, out var guard) == SocketError.Success)
            {
                _guards.Add(guard!);
                _stretch = Enumerable.Range(first, StretchLength).GetEnumerator();
                return _stretch.MoveNext();
            }
        }

        return false;
    }

    private static bool IsFree(IPAddress address, int port)
    {
        var error = TryListen(address, port, out var socket);
        socket?.Dispose();

        // Without an IPv6 loopback on this machine nobody can be listening there.
        return error is SocketError.Success or SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported;
    }

    private static SocketError TryListen(IPAddress address, int port, out Socket? listening)
    {
        listening = null;
        Socket? socket = null;
        try
        {
            // On Unix .NET binds with SO_REUSEADDR: connections in TIME_WAIT do not count as use, which is right for a server,
            // but neither does another socket that is bound and not listening yet. Only listening tells them apart.
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            listening = socket;
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            return e.SocketErrorCode;
        }
    }
}
