using System.Net;
using System.Net.Http.Headers;

namespace HighAvail.Tests.Gateway.Limits;

public sealed class LimitsTests(LimitedGateway gateway) : IClassFixture<LimitedGateway>
{
    // Each half of what all gateways grant together, and twice that at once.
    [Theory]
    [InlineData("/orders", true, 4)]
    [InlineData("/orders", false, 8)]
    [InlineData("/auth/login", false, 2)]
    [InlineData("/AUTH/login", false, 2)]
    public async Task Request_MoreThanGranted_Answers429ProblemAndOthersAreServed(string path, bool isUser, int granted)
    {
        await PublishBothAsync();
        var (token, address) = (isUser ? $"{Guid.NewGuid()}" : null, isUser ? null : RandomAddress());
        var rejected = await RejectedAfterAsync(path, token, address);
        using var other = await SendAsync(path, token is null ? null : "another", address is null ? null : RandomAddress());

        // While they were sent, some more were granted.
        Assert.InRange(rejected.Granted, granted, 39);
        await GatewayFixture.AssertProblemAsync(rejected.Response, HttpStatusCode.TooManyRequests);
        Assert.True(rejected.Response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Request_NewTokenEachTime_IsHeldByItsAddress()
    {
        await PublishBothAsync();
        var address = RandomAddress();
        HttpResponseMessage? response = null;

        await Eventually.TrueAsync(
            async () =>
            {
                response?.Dispose();
                response = await SendAsync("/orders", $"{Guid.NewGuid()}", address);
                return response.StatusCode == HttpStatusCode.TooManyRequests;
            },
            "a limit");

        response!.Dispose();
    }

    [Fact]
    public async Task Request_AnotherAddressOfTheSameIPv6Network_SharesTheLimit()
    {
        await PublishBothAsync();
        var rejected = await RejectedAfterAsync("/auth/login", null, "2001:db8:0:7::1");
        rejected.Response.Dispose();

        await Eventually.TrueAsync(
            async () =>
            {
                using var neighbour = await SendAsync("/auth/login", null, "2001:db8:0:7::2");
                return neighbour.StatusCode == HttpStatusCode.TooManyRequests;
            },
            "the neighbour to be limited");
    }

    [Fact]
    public async Task Request_FromThisMachine_IsNotLimitedByAddress()
    {
        await PublishBothAsync();

        for (var i = 0; i < 30; i++)
        {
            using var response = await SendAsync("/auth/login", null, null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    // Behind a proxy that ends TLS: otherwise the client would be sent to where it is already, for ever.
    [Fact]
    public async Task PlainRequest_TrustedProxySaysThatItWasHttps_IsAnswered()
    {
        await PublishBothAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders");
        request.Headers.Add("X-Forwarded-For", RandomAddress());
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await gateway.PlainClient.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("https", (await GatewayFixture.ReadAsync(response)).GetProperty("headers").GetProperty("x-forwarded-proto").GetString());
    }

    private async Task PublishBothAsync() => await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));

    private async Task<(int Granted, HttpResponseMessage Response)> RejectedAfterAsync(string path, string? token, string? address)
    {
        // All at once: one after the other, a slow machine would get new grants in between for ever.
        var granted = 0;
        while (true)
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SendAsync(path, token, address)));
            granted += responses.Count(static response => response.StatusCode == HttpStatusCode.OK);
            Assert.All(responses, static response => Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
            var rejected = responses.FirstOrDefault(static response => response.StatusCode == HttpStatusCode.TooManyRequests);
            foreach (var response in responses.Where(response => response != rejected))
            {
                response.Dispose();
            }

            if (rejected is not null)
            {
                return (granted, rejected);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? token, string? address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (address is not null)
        {
            request.Headers.Add("X-Forwarded-For", address);
        }

        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string RandomAddress() => $"198.51.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}";
}
