using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Hosting.Networking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>The certificates in use: Kestrel on one side, HttpClient or curl on the other.</summary>
public sealed class CertificateAuthorityTlsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = PortAllocator.Next();
    private CertificateAuthority _pki = null!;
    private WebApplication _server = null!;

    public async ValueTask InitializeAsync()
    {
        _pki = new CertificateAuthority(_folder.Path, ["users"], TimeProvider.System, NullLogger<CertificateAuthority>.Instance);
        await _pki.EnsureAsync(TestContext.Current.CancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSetting("Kestrel:Certificates:Default:Path", _pki.CertificatePath);
        builder.WebHost.UseSetting("Kestrel:Certificates:Default:KeyPath", _pki.KeyPath);
        builder.WebHost.UseUrls($"https://localhost:{_port}");
        _server = builder.Build();
        _server.Run(context => context.Response.WriteAsync("hello"));
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("users")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task HttpClient_TrustsTheAuthority_Connects(string host)
    {
        using var client = Client(_pki.Authority);

        Assert.Equal("hello", await client.GetStringAsync(new Uri($"https://{host}:{_port}/"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HttpClient_TrustsAnotherAuthority_IsRefused()
    {
        using var other = new TemporaryFolder();
        var otherPki = new CertificateAuthority(other.Path, ["users"], TimeProvider.System, NullLogger<CertificateAuthority>.Instance);
        await otherPki.EnsureAsync(TestContext.Current.CancellationToken);
        using var client = Client(otherPki.Authority);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetStringAsync(new Uri($"https://localhost:{_port}/"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpRequestError.SecureConnectionError, error.HttpRequestError);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("users")]
    [InlineData("127.0.0.1")]
    public async Task Curl_CaCert_Connects(string host)
    {
        Tool.SkipUnlessPresent("curl");

        var (exitCode, output) = await Tool.RunAsync(
            "curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", _pki.AuthorityPath,
            "--resolve", $"users:{_port}:127.0.0.1", $"https://{host}:{_port}/");

        Assert.Equal((0, "hello"), (exitCode, output));
    }

    private static HttpClient Client(X509Certificate2 authority)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority);
        return new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
            ConnectCallback = async (context, cancellationToken) =>
            {
                // No resolver knows the names of services.
                var host = context.DnsEndPoint.Host == "users" ? "127.0.0.1" : context.DnsEndPoint.Host;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(host, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }
}
