using System.Net;

namespace HighAvail.Tests.Gateway.Security;

public sealed class SecurityHeadersTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("/orders", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    public async Task Answer_Always_TellsBrowsersToTrustNothing(string path, HttpStatusCode status)
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));

        // A name that the certificate does not have.
        var answer = await gateway.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");

        var lines = answer.Split("\r\n");
        Assert.StartsWith($"HTTP/1.1 {(int)status}", lines[0], StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff", lines);
        Assert.Contains("Referrer-Policy: no-referrer", lines);
        Assert.Contains("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'", lines);
        Assert.Contains("Strict-Transport-Security: max-age=31536000", lines);
        Assert.DoesNotContain(lines, static line => line.StartsWith("Server:", StringComparison.OrdinalIgnoreCase));
    }

    // There, other programs speak plain HTTP.
    [Fact]
    public async Task Answer_ToLocalhost_DoesNotForbidPlainHttp()
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));

        using var response = await gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }
}
