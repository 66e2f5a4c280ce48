using HighAvail.Tests.Hosting.Networking;

namespace HighAvail.Tests.Gateway.Security;

public sealed class TlsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    // By a program that still speaks the old versions when it is asked to.
    [Theory]
    [InlineData("-tls1_1", false)]
    [InlineData("-tls1_2", true)]
    [InlineData("-tls1_3", true)]
    public async Task Handshake_OldVersion_IsRefused(string version, bool isAccepted)
    {
        Tool.SkipUnlessPresent("openssl");
        var (exitCode, said) = await Tool.RunAsync(
            "openssl", "s_client", "-connect", $"127.0.0.1:{gateway.HttpsPort}", version, "-cipher", "DEFAULT:@SECLEVEL=0", "-brief");

        Assert.Equal(isAccepted, said.Contains("CONNECTION ESTABLISHED", StringComparison.Ordinal));
        Assert.Equal(isAccepted, exitCode == 0);
    }

    [Fact]
    public async Task Certificate_IsReplaced_IsShownToNewConnectionsAndOldOnesGoOn()
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));
        await using var before = await gateway.ConnectAsync();
        var old = before.RemoteCertificate!.GetSerialNumberString();

        var renewed = gateway.RenewCertificate();

        await Eventually.TrueAsync(
            async () =>
            {
                await using var connection = await gateway.ConnectAsync();
                return connection.RemoteCertificate!.GetCertHashString() == renewed;
            },
            "the renewed certificate");
        Assert.Equal(old, before.RemoteCertificate!.GetSerialNumberString());
        await before.WriteAsync("GET /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", await GatewayFixture.ReadToEndAsync(before), StringComparison.Ordinal);
    }
}
