using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Postgres;

namespace HighAvail.Tests.Hosting.Resources.Postgres;

public class PostgresReadinessTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private PostgresInstance Instance => new(new PostgresBinaries(servers.Folder, 15, ""), servers.PostgresSettings());

    [Fact]
    public async Task IsReadyAsync_NothingListens_IsFalse() =>
        Assert.False(await Instance.IsReadyAsync(NativeServers.FreePort(), TestContext.Current.CancellationToken));

    [Fact]
    public async Task IsReadyAsync_ListenerNeverAnswers_IsFalseAfterItsTimeLimit()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        Assert.False(await Instance.IsReadyAsync(((IPEndPoint)silent.LocalEndpoint).Port, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task IsReadyAsync_SomethingElseAnswers_IsFalse()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var ready = Instance.IsReadyAsync(((IPEndPoint)listener.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using var client = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await client.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.False(await ready);
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
