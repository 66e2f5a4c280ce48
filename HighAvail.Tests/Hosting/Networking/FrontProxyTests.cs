using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using HighAvail.Hosting.Networking;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>The port, and what passes through a connection.</summary>
public sealed class FrontProxyTests : FrontProxyFixture
{
    [Fact]
    public async Task Start_PortTaken_NamesThePortAndTheProcess()
    {
        await using var second = Create(new FrontProxyOptions(), Proxy.Port);

        var error = Assert.Throws<PortUnavailableException>(second.Start);

        Assert.Equal(Proxy.Port, error.Port);
        Assert.Contains($"Port {Proxy.Port} is taken by", error.Message, StringComparison.Ordinal);
        Assert.Contains("another port", error.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains($"(process {Environment.ProcessId})", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_PortTakenOnIPv6Only_LeavesIPv4Closed()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        using var taken = new TcpListener(IPAddress.IPv6Loopback, PortAllocator.Next());
        taken.Start();
        await using var proxy = Create(new FrontProxyOptions(), ((IPEndPoint)taken.LocalEndpoint).Port);

        Assert.Throws<PortUnavailableException>(proxy.Start);

        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(proxy));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Connect_EitherLoopbackAddress_ReachesTheReplica(string address)
    {
        Proxy.Update([First.EndPoint]);

        await PingAsync(await ConnectAsync(address: IPAddress.Parse(address)));

        Assert.Equal(1, First.Open);
    }

    [Fact]
    public async Task Copy_HalfClosedByTheClient_TheReplicaAnswersAfterTheEnd()
    {
        var (client, replica) = await ConnectPairAsync();
        var request = RandomNumberGenerator.GetBytes(3_000_000);

        var received = ReadToEndAsync(replica);
        await client.SendAsync(request, TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(request, await received);

        var answer = ReadToEndAsync(client);
        await replica.SendAsync(request, TestContext.Current.CancellationToken);
        replica.Shutdown(SocketShutdown.Send);
        Assert.Equal(request, await answer);
    }

    [Fact]
    public async Task Copy_HalfClosedByTheReplica_TheClientGoesOnSending()
    {
        var (client, replica) = await ConnectPairAsync();
        replica.Shutdown(SocketShutdown.Send);
        Assert.False(await EndsAbortedAsync(client));

        var received = ReadToEndAsync(replica);
        await client.SendAsync("still here"u8.ToArray(), TestContext.Current.CancellationToken);
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal("still here"u8.ToArray(), await received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copy_AbortedByOneSide_IsAbortedForTheOther(bool byClient)
    {
        var (client, replica) = await ConnectPairAsync();

        Splice.Abort(byClient ? client : replica);

        Assert.True(await EndsAbortedAsync(byClient ? replica : client));
    }

    [Fact]
    public async Task Copy_ReplicaDoesNotRead_ClientHasToWaitAndNothingIsLost()
    {
        const int Chunk = 1024 * 1024;
        var (client, replica) = await ConnectPairAsync();
        var chunk = RandomNumberGenerator.GetBytes(Chunk);
        using var sentHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long sent = 0;
        client.Blocking = false;
        // Kernel buffers on the way take a few megabytes; a proxy that reads without limit would take everything.
        while (client.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectWrite))
        {
            var count = client.Send(chunk, SocketFlags.None, out _);
            sentHash.AppendData(chunk, 0, Math.Max(count, 0));
            sent += Math.Max(count, 0);
            Assert.InRange(sent, 0, 256L * Chunk);
        }

        var received = ReadToEndAsync(replica);
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(sentHash.GetHashAndReset(), SHA256.HashData(await received));
    }

    [Fact]
    public async Task Copy_ThousandConnectionsAtOnce_AllAreServedAndSpread()
    {
        Proxy.Update([First.EndPoint, Second.EndPoint]);

        var clients = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => ConnectAndPingAsync()));
        Assert.Equal((500, 500), (First.Open, Second.Open));
        await Task.WhenAll(clients.Select(PingAsync));

        Array.ForEach(clients, client => client.Dispose());
        await Eventually.TrueAsync(() => First.Open + Second.Open == 0);
    }

    [Fact]
    public async Task DisposeAsync_WithOpenAndHeldConnections_EndsThemAndFreesThePort()
    {
        var proxy = Create(new FrontProxyOptions());
        proxy.Start();
        var held = await ConnectAsync(proxy);
        await Eventually.TrueAsync(() => proxy.HeldConnections == 1);
        proxy.Update([First.EndPoint]);
        await PingAsync(held);
        proxy.Update([]);
        var waiting = await ConnectAsync(proxy);
        await Eventually.TrueAsync(() => proxy.HeldConnections == 1);

        await proxy.DisposeAsync();

        Assert.True(await EndsAbortedAsync(held));
        Assert.True(await EndsAbortedAsync(waiting));
        await Eventually.TrueAsync(() => First.Open == 0);
        Assert.True(PortAllocator.IsFree(proxy.Port));
    }

    /// <summary>Both ends of one connection through the proxy, for tests that play the replica themselves.</summary>
    private async Task<(Socket Client, Socket Replica)> ConnectPairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, PortAllocator.Next());
        listener.Start();
        Proxy.Update([(IPEndPoint)listener.LocalEndpoint]);
        var client = await ConnectAsync();
        var replica = Add(await listener.AcceptSocketAsync(TestContext.Current.CancellationToken));

        // Until a byte has come through, the proxy may still see the connection to the replica as one that failed, and hold the client.
        await client.SendAsync(new byte[1], TestContext.Current.CancellationToken);
        Assert.Equal(1, await replica.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        return (client, replica);
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var received && received > 0)
        {
            all.Write(buffer, 0, received);
        }

        return all.ToArray();
    }
}
