using System.Net.Sockets;

namespace HighAvail.Hosting.Networking;

/// <summary>A port that was asked for cannot be listened on. The message is for the person who started the system.</summary>
internal sealed class PortUnavailableException(int port, string message, Exception innerException) : Exception(message, innerException)
{
    public int Port { get; } = port;

    /// <summary>Explains why listening on <paramref name="port"/> failed, naming who has it where that can be found out.</summary>
    public static PortUnavailableException For(int port, SocketException error) => new(
        port,
        error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse when PortOwner.Find(port) is { } owner =>
                $"Port {port} is taken by {owner}. Stop it, or give the endpoint another port.",
            SocketError.AddressAlreadyInUse =>
                $"Port {port} is taken by another process. Stop it, or give the endpoint another port.",
            SocketError.AccessDenied =>
                $"Port {port} may not be opened by this user. Give the endpoint a port from 1024 on.",
            _ => $"Port {port} cannot be listened on: {error.Message}. Give the endpoint another port.",
        },
        error);
}
