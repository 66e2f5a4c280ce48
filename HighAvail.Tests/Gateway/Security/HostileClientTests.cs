using System.Net;
using System.Net.Security;
using System.Text;
using System.Text.Json;

namespace HighAvail.Tests.Gateway.Security;

/// <summary>What clients may send that are broken, slow or up to something.</summary>
public sealed class HostileClientTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Head = "POST /orders HTTP/1.1\r\nHost: localhost\r\n";
    private const string Smuggled = "GET /orders/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("Content-Length: 5, 6\r\n\r\nhello")]
    [InlineData("Content-Length: -1\r\n\r\nhello")]
    [InlineData("Content-Length: 0x5\r\n\r\nhello")]
    [InlineData("Content-Length : 5\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n\r\n")]
    [InlineData("X-Bad\0Name: 1\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("X-Bad: a\0b\r\nContent-Length: 0\r\n\r\n")]
    public async Task Request_LengthIsAmbiguousOrWrong_Answers400AndReachesNoService(string rest)
    {
        var seen = await PublishAsync();

        var answer = await gateway.SendRawAsync($"{Head}{rest}");

        Assert.Matches("^HTTP/1.1 (400|411|501) ", answer);
        Assert.Single(Statuses(answer));
        Assert.Empty(seen());
    }

    // Both lengths: chunks count (RFC 9112, section 6.3), what follows them is the next request, and the service is told one length only.
    [Fact]
    public async Task Request_BothLengths_ServiceSeesOneRequestWithItsTrueLength()
    {
        await PublishAsync();

        var answer = await gateway.SendRawAsync(
            $"{Head}Connection: close\r\nContent-Length: {8 + Smuggled.Length}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n{Smuggled}");

        Assert.Single(Statuses(answer));
        if (answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            var json = JsonElement.Parse(answer[answer.IndexOf('{')..(answer.LastIndexOf('}') + 1)]);
            Assert.Equal("abc", json.GetProperty("body").GetString());
            Assert.Equal("3", json.GetProperty("headers").GetProperty("content-length").GetString());
            Assert.False(json.GetProperty("headers").TryGetProperty("transfer-encoding", out _));
        }
        else
        {
            Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        }
    }

    // To the service it is a body and nothing else, however it looks.
    [Fact]
    public async Task Request_BodyLooksLikeARequest_StaysABody()
    {
        var seen = await PublishAsync();

        var answer = await gateway.SendRawAsync($"{Head}Connection: close\r\nContent-Length: {Smuggled.Length}\r\n\r\n{Smuggled}");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(["POST /orders"], seen());
    }

    [Theory]
    [InlineData(40_000, "HTTP/1.1 431")]
    [InlineData(10_000, "HTTP/1.1 200")]
    public async Task Request_LongHeaders_AreRefusedBeyondTheLimit(int length, string expected)
    {
        await PublishAsync();

        var answer = await gateway.SendRawAsync($"{Head}Connection: close\r\nContent-Length: 0\r\nX-Long: {new string('a', length)}\r\n\r\n");

        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(70, "HTTP/1.1 431")]
    [InlineData(50, "HTTP/1.1 200")]
    public async Task Request_ManyHeaders_AreRefusedBeyondTheLimit(int count, string expected)
    {
        await PublishAsync();
        var headers = string.Concat(Enumerable.Range(0, count).Select(static i => $"X-Header-{i}: 1\r\n"));

        var answer = await gateway.SendRawAsync($"{Head}Connection: close\r\nContent-Length: 0\r\n{headers}\r\n");

        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_LongPath_Answers414()
    {
        await PublishAsync();

        var answer = await gateway.SendRawAsync($"GET /orders/{new string('a', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyComesTooSlowly_EndsAndOthersAreServed()
    {
        var seen = await PublishAsync();
        await using var slow = await gateway.ConnectAsync();
        await slow.WriteAsync(Encoding.ASCII.GetBytes($"{Head}Content-Length: 100\r\n\r\nx"), TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var drips = DripAsync(slow, stop.Token);
        var answer = GatewayFixture.ReadToEndAsync(slow);

        using var other = await gateway.Client.GetAsync(new Uri("/orders/other", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.StartsWith("HTTP/1.1 408", await answer, StringComparison.Ordinal);
        await stop.CancelAsync();
        await drips;
        Assert.Equal(["GET /orders/other"], seen());
    }

    [Fact]
    public async Task Request_HeadersNeverEnd_IsClosed()
    {
        await PublishAsync();
        await using var slow = await gateway.ConnectAsync();
        await slow.WriteAsync(Encoding.ASCII.GetBytes($"{Head}X-Slow: "), TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var drips = DripAsync(slow, stop.Token);

        var answer = await GatewayFixture.ReadToEndAsync(slow);

        await stop.CancelAsync();
        await drips;
        Assert.Matches("^($|HTTP/1.1 408)", answer);
    }

    [Fact]
    public async Task Connections_ManyAreIdle_OthersAreServed()
    {
        var seen = await PublishAsync();
        var idle = new List<SslStream>();
        try
        {
            // Fifty at a time: handshakes cost CPU time on both sides, which is not what is tested.
            for (var i = 0; i < 100; i++)
            {
                idle.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => gateway.ConnectAsync())));
            }

            using var client = gateway.CreateClient();
            using var response = await client.GetAsync(new Uri("/orders/served", UriKind.Relative), TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(["GET /orders/served"], seen());
        }
        finally
        {
            foreach (var connection in idle)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task<Func<IReadOnlyList<string>>> PublishAsync()
    {
        var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var orders = await gateway.StartReplicaAsync("orders", context =>
        {
            requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            return Task.FromResult(false);
        });
        await gateway.PublishOrdersAsync(orders);
        return () => [.. requests];
    }

    private static async Task DripAsync(SslStream connection, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await connection.WriteAsync("x"u8.ToArray(), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It was closed, which is what was waited for.
        }
    }

    private static IEnumerable<string> Statuses(string answer) => answer.Split('\n').Where(static line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal));
}
