using System.Diagnostics;
using System.Net;
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
        var response = await gateway.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

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
        var answer = await GatewayFixture.ReadAsync(response);

        var headers = answer.GetProperty("headers");
        Assert.Equal("127.0.0.1", headers.GetProperty("x-forwarded-for").GetString());
        Assert.Equal("https", headers.GetProperty("x-forwarded-proto").GetString());
        Assert.Equal($"127.0.0.1:{gateway.HttpsPort}", headers.GetProperty("x-forwarded-host").GetString());
        Assert.Equal(answer.GetProperty("traceId").GetString(), Assert.Single(response.Headers.GetValues("X-Trace-Id")));
    }

    [Fact]
    public async Task Request_HeadersForTheConnection_GoNoFurther()
    {
        await PublishBothAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent("hello") };
        request.Headers.Add("Connection", "X-Once, Content-Length, Host, Idempotency-Key");
        request.Headers.Add("X-Once", "1");
        request.Headers.Add("X-Kept", "2");
        request.Headers.Add("Idempotency-Key", "mine");
        request.Headers.Add("TE", "trailers");
        request.Headers.ExpectContinue = true;

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var seen = await GatewayFixture.ReadAsync(response);

        var headers = seen.GetProperty("headers");
        Assert.Equal("hello", seen.GetProperty("body").GetString());
        Assert.Equal("2", headers.GetProperty("x-kept").GetString());
        // One that is taken away is as one that was not sent.
        Assert.NotEqual("mine", headers.GetProperty("idempotency-key").GetString());
        Assert.All(["connection", "x-once", "keep-alive", "expect", "transfer-encoding"], name => Assert.False(headers.TryGetProperty(name, out _), name));
    }

    [Fact]
    public async Task Request_OverHttp2_IsAnsweredOverHttp2()
    {
        await PublishBothAsync();
        using var client = gateway.CreateClient();
        var requests = Enumerable.Range(0, 20).Select(async i =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent($"body {i}"),
            };
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return (response.StatusCode, response.Version, Body: (await GatewayFixture.ReadAsync(response)).GetProperty("body").GetString());
        });

        var answers = await Task.WhenAll(requests);

        Assert.All(answers, static answer => Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version)));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"body {i}"), answers.Select(static answer => answer.Body));
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
    public async Task Request_BodyCannotBeRead_Answers400Problem()
    {
        await PublishBothAsync();

        var response = await gateway.SendRawAsync("POST /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\nno number\r\n");

        Assert.StartsWith("HTTP/1.1 400", response, StringComparison.Ordinal);
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

        await GatewayFixture.AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
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
        return response.IsSuccessStatusCode ? (await GatewayFixture.ReadAsync(response)).GetProperty("replica").GetString() : null;
    }

    private async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await GatewayFixture.ReadAsync(response);
    }
}
