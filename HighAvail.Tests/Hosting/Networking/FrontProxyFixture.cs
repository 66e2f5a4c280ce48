using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Networking;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>A front proxy with fake time, two replicas, and clients.</summary>
public abstract class FrontProxyFixture : IAsyncLifetime
{
    private readonly List<IDisposable> _disposables = [];

    private protected FrontProxyFixture()
    {
        Proxy = Create(new FrontProxyOptions());
        First = Add(new EchoReplica());
        Second = Add(new EchoReplica());
    }

    private protected FakeTimeProvider Time { get; } = new();

    private protected FrontProxy Proxy { get; }

    private protected EchoReplica First { get; }

    private protected EchoReplica Second { get; }

    public ValueTask InitializeAsync()
    {
        Proxy.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Proxy.DisposeAsync();
        _disposables.ForEach(disposable => disposable.Dispose());
    }

    private protected FrontProxy Create(FrontProxyOptions options, int? port = null) =>
        new(port ?? PortAllocator.Next(), options, Time, NullLogger<FrontProxy>.Instance);

    private protected T Add<T>(T disposable) where T : IDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    private protected async Task<Socket> ConnectAsync(FrontProxy? proxy = null, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        var socket = Add(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(address, (proxy ?? Proxy).Port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>A client that has a replica: its first bytes came back.</summary>
    private protected async Task<Socket> ConnectAndPingAsync()
    {
        var socket = await ConnectAsync();
        await PingAsync(socket);
        return socket;
    }

    private protected static async Task PingAsync(Socket socket)
    {
        var answer = new byte[1];
        await socket.SendAsync(new byte[] { 42 }, TestContext.Current.CancellationToken);
        Assert.Equal(1, await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken));
        Assert.Equal(42, answer[0]);
    }

    /// <summary>Reads to the end, and says whether that was an abort (RST) rather than a regular end (FIN).</summary>
    private protected static async Task<bool> EndsAbortedAsync(Socket socket)
    {
        try
        {
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }

            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
