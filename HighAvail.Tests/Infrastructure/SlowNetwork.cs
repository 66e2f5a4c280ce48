using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace HighAvail.Tests.Infrastructure;

/// <summary>
/// Stands between a client and a server, and makes connecting work, as it is for a busy machine: of several connections that are being made each
/// takes as many times longer, and one that its client has given up is work all the same. All connections can be cut.
/// </summary>
internal sealed class SlowNetwork : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly int _server;
    private readonly Task _accepting;
    private long _workTicks;
    private int _connecting;

    public SlowNetwork(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How long a connection takes that is made alone.</summary>
    public TimeSpan ConnectWork { get => TimeSpan.FromTicks(Interlocked.Read(ref _workTicks)); set => Interlocked.Exchange(ref _workTicks, value.Ticks); }

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

    private async Task WorkAsync()
    {
        Interlocked.Increment(ref _connecting);
        try
        {
            var done = TimeSpan.Zero;
            var last = Stopwatch.GetTimestamp();
            while (done < ConnectWork)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), _stop.Token);
                var now = Stopwatch.GetTimestamp();
                done += Stopwatch.GetElapsedTime(last, now) / Volatile.Read(ref _connecting);
                last = now;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connecting);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var owned = client;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await WorkAsync();
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
