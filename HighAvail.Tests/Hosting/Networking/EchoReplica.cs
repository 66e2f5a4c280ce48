using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Networking;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>A server that sends back what it gets, and that can die like a process does.</summary>
internal sealed class EchoReplica : IDisposable
{
    private readonly HashSet<Socket> _open = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public EchoReplica(IPEndPoint? endPoint = null)
    {
        EndPoint = endPoint ?? new IPEndPoint(IPAddress.Loopback, PortAllocator.Next());
        _listener.Bind(EndPoint);
        _listener.Listen(1024);
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public int Open
    {
        get
        {
            lock (_open)
            {
                return _open.Count;
            }
        }
    }

    public int Accepted { get; private set; }

    /// <summary>What the kernel does when the process is killed: the listener goes, connections with unread data are reset.</summary>
    public void Kill()
    {
        _listener.Dispose();
        lock (_open)
        {
            foreach (var socket in _open)
            {
                Splice.Abort(socket);
            }
        }
    }

    public void Dispose() => Kill();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                lock (_open)
                {
                    Accepted++;
                    _open.Add(socket);
                }

                _ = EchoAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Killed.
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(buffer) is var received && received > 0)
            {
                await socket.SendAsync(buffer.AsMemory(0, received));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Killed, or the client is gone.
        }

        lock (_open)
        {
            _open.Remove(socket);
        }

        socket.Dispose();
    }
}
