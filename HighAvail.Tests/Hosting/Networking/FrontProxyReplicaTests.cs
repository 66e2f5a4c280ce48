using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Networking;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>Which replica a connection goes to while replicas come, go and die.</summary>
public sealed class FrontProxyReplicaTests : FrontProxyFixture
{
    [Fact]
    public async Task Connect_TwoReady_GoesToTheOneWithFewerConnections()
    {
        Proxy.Update([First.EndPoint, Second.EndPoint]);
        var clients = new List<Socket>();
        for (var i = 0; i < 10; i++)
        {
            clients.Add(await ConnectAndPingAsync());
        }

        Assert.Equal((5, 5), (First.Open, Second.Open));

        clients.ForEach(client => client.Dispose());
        await Eventually.TrueAsync(() => First.Open + Second.Open == 0);
        Proxy.Update([First.EndPoint]);
        await ConnectAndPingAsync();
        await ConnectAndPingAsync();
        await ConnectAndPingAsync();
        Proxy.Update([First.EndPoint, Second.EndPoint]);
        await ConnectAndPingAsync();
        await ConnectAndPingAsync();
        await ConnectAndPingAsync();

        Assert.Equal((3, 3), (First.Open, Second.Open));
    }

    [Fact]
    public async Task Connect_ShortConnectionsOneAfterTheOther_ReplicasTakeTurns()
    {
        Proxy.Update([First.EndPoint, Second.EndPoint]);
        for (var i = 0; i < 10; i++)
        {
            (await ConnectAndPingAsync()).Dispose();
            await Eventually.TrueAsync(() => First.Open + Second.Open == 0);
        }

        Assert.All([First.Accepted, Second.Accepted], accepted => Assert.InRange(accepted, 3, 7));
    }

    [Fact]
    public async Task Connect_ReplicaDiedBetweenConnections_AllGoToTheOther()
    {
        Proxy.Update([First.EndPoint, Second.EndPoint]);
        First.Kill();

        for (var i = 0; i < 10; i++)
        {
            await ConnectAndPingAsync();
        }

        Assert.Equal((0, 10), (First.Accepted, Second.Accepted));
    }

    [Fact]
    public async Task Connect_ReplicaDiesInMidStream_ItsClientIsToldAndTheNextGoesToTheOther()
    {
        Proxy.Update([First.EndPoint]);
        var client = await ConnectAndPingAsync();
        Proxy.Update([First.EndPoint, Second.EndPoint]);

        First.Kill();

        Assert.True(await EndsAbortedAsync(client));
        await ConnectAndPingAsync();
        Assert.Equal(1, Second.Open);
    }

    [Fact]
    public async Task Connect_ReplicaDoesNotTakeItInTime_GoesToTheOther()
    {
        // A paused process: its kernel takes connections until the backlog is full, then ignores them.
        var paused = Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        paused.Bind(new IPEndPoint(IPAddress.Loopback, PortAllocator.Next()));
        paused.Listen(1);
        var endPoint = (IPEndPoint)paused.LocalEndPoint!;
        for (var i = 0; i < 2; i++)
        {
            var filler = Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await filler.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        }

        Proxy.Update([First.EndPoint]);
        await ConnectAndPingAsync();
        Proxy.Update([First.EndPoint, endPoint]);

        var late = ConnectAndPingAsync();
        await Eventually.TrueAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            return late.IsCompleted;
        });

        await late;
        Assert.Equal(2, First.Open);
    }

    [Fact]
    public async Task Update_ReplicaLeaves_ItsConnectionsFinishAndNewOnesGoToTheOther()
    {
        Proxy.Update([First.EndPoint]);
        var draining = await ConnectAndPingAsync();

        Proxy.Update([Second.EndPoint]);
        await ConnectAndPingAsync();
        Assert.Equal((1, 1), (First.Open, Second.Open));

        await PingAsync(draining);
        draining.Shutdown(SocketShutdown.Send);
        Assert.False(await EndsAbortedAsync(draining));
    }

    [Fact]
    public async Task Update_ReplicaComesBackWithConnections_TheyStillCount()
    {
        Proxy.Update([First.EndPoint]);
        await ConnectAndPingAsync();
        await ConnectAndPingAsync();

        Proxy.Update([]);
        Proxy.Update([First.EndPoint, Second.EndPoint]);
        await ConnectAndPingAsync();
        await ConnectAndPingAsync();

        Assert.Equal((2, 2), (First.Open, Second.Open));
    }

    [Fact]
    public async Task Connect_NoneReady_IsHeldAndServedAfterUpdate()
    {
        var held = Enumerable.Range(0, 20).Select(_ => ConnectAndPingAsync()).ToList();
        await Eventually.TrueAsync(() => Proxy.HeldConnections == 20);
        Assert.DoesNotContain(held, client => client.IsCompleted);

        Proxy.Update([First.EndPoint, Second.EndPoint]);

        await Task.WhenAll(held);
        Assert.Equal((10, 10), (First.Open, Second.Open));
        Assert.Equal(0, Proxy.HeldConnections);
    }

    [Fact]
    public async Task Connect_ReadyReplicaRefusesForAMoment_IsServedWithoutAnUpdate()
    {
        Proxy.Update([First.EndPoint]);
        First.Kill();
        var held = ConnectAndPingAsync();
        await Eventually.TrueAsync(() => Proxy.HeldConnections == 1);

        var restarted = Add(new EchoReplica(First.EndPoint));
        await Eventually.TrueAsync(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            return held.IsCompleted;
        });

        await held;
        Assert.Equal(1, restarted.Open);
    }

    [Fact]
    public async Task Connect_NoneReadyForTenSeconds_IsClosed()
    {
        var client = await ConnectAsync();
        await client.SendAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Proxy.HeldConnections == 1);

        Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, Proxy.HeldConnections);
        Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(await EndsAbortedAsync(client));
        await Eventually.TrueAsync(() => Proxy.HeldConnections == 0);
    }

    [Fact]
    public async Task Connect_TooManyHeld_TheLastIsClosedAtOnceAndTheOthersAreServed()
    {
        await using var proxy = Create(new FrontProxyOptions { MaxHeldConnections = 2 });
        proxy.Start();
        var first = await ConnectAsync(proxy);
        var second = await ConnectAsync(proxy);
        await Eventually.TrueAsync(() => proxy.HeldConnections == 2);

        // So soon that it may be before connect returns.
        var error = await Record.ExceptionAsync(async () => Assert.True(await EndsAbortedAsync(await ConnectAsync(proxy))));
        Assert.True(error is null or SocketException { SocketErrorCode: SocketError.ConnectionReset }, error?.ToString());

        proxy.Update([First.EndPoint]);
        await PingAsync(first);
        await PingAsync(second);
    }
}
