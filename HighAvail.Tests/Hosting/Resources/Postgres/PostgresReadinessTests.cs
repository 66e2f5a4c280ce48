using System.Net;
using System.Net.Sockets;
using System.Text;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Postgres;

namespace HighAvail.Tests.Hosting.Resources.Postgres;

public class PostgresReadinessTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private PostgresInstance Instance => new(new PostgresBinaries(servers.Folder, 15, ""), servers.PostgresSettings());

    [Fact]
    public async Task IsReadyAsync_NothingListens_IsFalse() =>
        Assert.False(await Instance.IsReadyAsync(LoopbackPort.Free(), TestContext.Current.CancellationToken));

    [Fact]
    public async Task IsReadyAsync_ListenerNeverAnswers_IsFalseAfterItsTimeLimit()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        Assert.False(await Instance.IsReadyAsync(((IPEndPoint)silent.LocalEndpoint).Port, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", false)]
    [InlineData("E\0\0\0\u000cC57P03\0\0", false)] // starting up, or shutting down
    [InlineData("E\0\0\0\u000cC53300\0\0", true)] // too many clients
    [InlineData("R\0\0\0\u0008\0\0\0\u000a", true)]
    [InlineData("", false)]
    public async Task IsReadyAsync_SomethingAnswers_IsTrueWhenItTakesConnections(string answer, bool expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var ready = Instance.IsReadyAsync(((IPEndPoint)listener.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using (var client = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
            await client.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken);
            await client.SendAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, await ready);
    }

    [Fact]
    public async Task IsReadyAsync_CallerCancels_Throws()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var cancellation = new CancellationTokenSource();
        var ready = Instance.IsReadyAsync(((IPEndPoint)silent.LocalEndpoint).Port, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ready);
    }
}
