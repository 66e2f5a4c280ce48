using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace HighAvail.Tests.Gateway.Forwarding;

public sealed class GarbageTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    // A replica that speaks TLS, and then anything but HTTP; or nothing, and closes.
    [Theory]
    [InlineData("this is not HTTP at all\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 Fine\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")]
    [InlineData("")]
    public async Task Request_ReplicaAnswersGarbage_IsTriedAFewTimesAndOthersAreServed(string garbage)
    {
        var tries = 0;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var certificate = X509Certificate2.CreateFromPemFile(gateway.CertificateFile, gateway.KeyFile);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var serving = ServeAsync(listener, certificate, garbage, () => Interlocked.Increment(ref tries), stop.Token);
        await gateway.PublishOrdersAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        using var response = await gateway.Client.PostAsync(
            new Uri("/orders", UriKind.Relative), new StringContent("x"), TestContext.Current.CancellationToken);
        using var other = await gateway.Client.GetAsync(new Uri("/users", UriKind.Relative), TestContext.Current.CancellationToken);

        await GatewayFixture.AssertProblemAsync(response, HttpStatusCode.BadGateway);
        Assert.Equal(4, tries);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        await stop.CancelAsync();
        await serving;
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate, string garbage, Action met, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(cancellationToken);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http11] }, cancellationToken);
                // The whole request, so that closing does not reset the connection before the answer is read.
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!request.ToString().EndsWith("\r\n\r\nx", StringComparison.Ordinal) && await tls.ReadAsync(buffer, cancellationToken) is > 0 and var read)
                {
                    request.Append(Encoding.ASCII.GetString(buffer, 0, read));
                }

                met();
                await tls.WriteAsync(Encoding.ASCII.GetBytes(garbage), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException)
            {
                // Whoever asked has gone.
            }
        }
    }
}
