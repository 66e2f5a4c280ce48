using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HighAvail.Tests.Infrastructure;

/// <summary>Stands between a client and a server on this machine: connecting takes as long as the test says, and all connections can be cut.</summary>
internal sealed class SlowNetwork : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly int _server;
    private readonly Task _accepting;
    private long _connectTicks;

    public SlowNetwork(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public TimeSpan ConnectTime { get => TimeSpan.FromTicks(Interlocked.Read(ref _connectTicks)); set => Interlocked.Exchange(ref _connectTicks, value.Ticks); }

    public void CutAll()
    {
        while (_open.TryTake(out var socket))
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_stop.Token);
            _open.Add(client);
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var owned = client;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await Task.Delay(ConnectTime, _stop.Token);
            await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            _open.Add(server);
            using var there = new NetworkStream(server);
            using var here = new NetworkStream(client);
            await Task.WhenAny(here.CopyToAsync(there, _stop.Token), there.CopyToAsync(here, _stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
        }
    }
}
