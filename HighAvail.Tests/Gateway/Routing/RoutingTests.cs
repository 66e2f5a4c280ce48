using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using HighAvail.Tests.ServiceDefaults;

namespace HighAvail.Tests.Gateway.Routing;

public class RoutingTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("/auth/login", "users")]
    [InlineData("/users/me", "users")]
    [InlineData("/users", "users")]
    [InlineData("/.well-known/jwks.json", "users")]
    [InlineData("/orders", "orders")]
    [InlineData("/orders/7/events", "orders")]
    public async Task Request_KnownPath_ReachesItsServiceOverHttp2(string path, string service)
    {
        await PublishBothAsync();

        var answer = await GetJsonAsync(path);

        Assert.Equal(service, answer.GetProperty("replica").GetString());
        Assert.Equal(path, answer.GetProperty("path").GetString());
        Assert.Equal("HTTP/2", answer.GetProperty("protocol").GetString());
    }

    [Theory]
    [InlineData("/internal/users/changes")]
    [InlineData("/users/../internal/users/changes")]
    [InlineData("/users/%2e%2e/internal/users/changes")]
    [InlineData("/openapi.json")]
    [InlineData("/")]
    public async Task Request_OtherPath_Answers404Problem(string path)
    {
        await PublishBothAsync();

        // HttpClient resolves dot segments itself.
        var response = await SendRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404", response, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", response, StringComparison.Ordinal);
        Assert.Contains("\"traceId\"", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_Forwarded_SaysWhereItCameFromAndIgnoresWhatTheClientClaims()
    {
        await PublishBothAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Add("X-Forwarded-For", "10.9.8.7");
        request.Headers.Add("X-Forwarded-Proto", "gopher");
        request.Headers.Add("X-Forwarded-Host", "evil.example");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await ReadAsync(response);

        var headers = answer.GetProperty("headers");
        Assert.Equal("127.0.0.1", headers.GetProperty("x-forwarded-for").GetString());
        Assert.Equal("https", headers.GetProperty("x-forwarded-proto").GetString());
        Assert.Equal($"127.0.0.1:{gateway.HttpsPort}", headers.GetProperty("x-forwarded-host").GetString());
        Assert.Equal(answer.GetProperty("traceId").GetString(), Assert.Single(response.Headers.GetValues("X-Trace-Id")));
    }

    [Fact]
    public async Task Request_ReplicasChange_FollowsWithoutAFailure()
    {
        var first = await gateway.StartReplicaAsync("first");
        var second = await gateway.StartReplicaAsync("second");
        gateway.Publish("users", first, second);
        await Eventually.TrueAsync(async () => await ReplicaAsync() is "first" or "second", "the replicas");

        var answers = new HashSet<string?>();
        await Eventually.TrueAsync(
            async () =>
            {
                answers.Add(await AnsweringReplicaAsync());
                return answers.SetEquals(["first", "second"]);
            },
            "both replicas to be used");

        var start = Stopwatch.GetTimestamp();
        gateway.Publish("users", second);
        var streak = 0;
        await Eventually.TrueAsync(async () => (streak = await AnsweringReplicaAsync() == "second" ? streak + 1 : 0) >= 10, "only the second");
        TestContext.Current.TestOutputHelper?.WriteLine($"Ten answers of the remaining replica after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task Request_ReplicaRefusesConnections_Answers502Problem()
    {
        gateway.Publish(new Dictionary<string, TestService[]>());
        await Eventually.TrueAsync(async () => (await StatusAsync("/orders")) == HttpStatusCode.BadGateway, "the front, where nobody listens");

        using var response = await gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, HttpStatusCode.BadGateway);
    }

    // Half was sent, more than is buffered on the way, and the gateway waits for the rest: neither was the request wrong, nor is it known to be undone.
    [Fact]
    public async Task Request_ReplicaDiesWhileTheBodyIsRead_Answers502Problem()
    {
        await PublishBothAsync();

        var response = await SendRawAsync(
            $"POST /orders?die HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n{new string('x', 100_000)}");

        Assert.StartsWith("HTTP/1.1 502", response, StringComparison.Ordinal);
        Assert.Contains("\"traceId\"", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyCannotBeRead_Answers400Problem()
    {
        await PublishBothAsync();

        var response = await SendRawAsync("POST /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nno number\r\n");

        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ReplicaHangs_Answers504Problem()
    {
        await PublishBothAsync();

        using var response = await gateway.Client.GetAsync(new Uri("/orders?hang", UriKind.Relative), TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task Request_EventStreamIsSilent_IsNotCut()
    {
        await PublishBothAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(4));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            gateway.Client.GetAsync(new Uri("/orders/7/events?hang", UriKind.Relative), patience.Token));
    }

    [Theory]
    // Far more than sockets buffer: the client must be able to send it all, or it would see a broken connection and not the answer.
    [InlineData(8 * 1024 * 1024, true)]
    [InlineData(8 * 1024 * 1024, false)]
    [InlineData((256 * 1024) + 1, true)]
    [InlineData((256 * 1024) + 1, false)]
    public async Task Request_BodyTooLarge_Answers413Problem(int size, bool chunked)
    {
        await PublishBothAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new ByteArrayContent(new byte[size]) };
        request.Headers.TransferEncodingChunked = chunked;
        using var client = gateway.CreateClient();

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task PlainRequest_ApiPath_IsSentToHttpsWithMethodAndBodyKept()
    {
        using var response = await gateway.PlainClient.PostAsync(
            new Uri("/orders?x=1", UriKind.Relative), new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal($"https://127.0.0.1:{gateway.HttpsPort}/orders?x=1", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task PlainRequest_Probe_IsAnsweredThere(string path)
    {
        using var response = await gateway.PlainClient.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task PublishBothAsync()
    {
        var users = await gateway.StartReplicaAsync("users");
        var orders = await gateway.StartReplicaAsync("orders");
        gateway.Publish(new Dictionary<string, TestService[]> { ["users"] = [users], ["orders"] = [orders] });
        await Eventually.TrueAsync(
            async () => await StatusAsync("/users") == HttpStatusCode.OK && await StatusAsync("/orders") == HttpStatusCode.OK
                && await ReplicaAsync() == "users",
            "both services");
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private async Task<string?> AnsweringReplicaAsync() => (await GetJsonAsync("/users/me")).GetProperty("replica").GetString();

    private async Task<string?> ReplicaAsync()
    {
        using var response = await gateway.Client.GetAsync(new Uri("/users/me", UriKind.Relative), TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? (await ReadAsync(response)).GetProperty("replica").GetString() : null;
    }

    private async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync(response);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Trace-Id")), problem.GetProperty("traceId").GetString());
    }

    /// <summary>What is answered to these bytes, over a connection of their own, until it ends. A server that waits in vain for the rest of a body may reset it after the answer.</summary>
    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.HttpsPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = gateway.TrustPolicy() },
            TestContext.Current.CancellationToken);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await tls.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException) when (answer.Length > 0)
        {
            // What was answered stands.
        }

        return answer.ToString();
    }
}
