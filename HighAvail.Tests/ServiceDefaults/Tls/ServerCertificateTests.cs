using System.Net.Security;
using HighAvail.ServiceDefaults.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.ServiceDefaults.Tls;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Current_FilesReplaced_FollowsAfterTheCheckInterval()
    {
        var first = Write();
        var certificate = Create();
        Assert.Equal(first, Thumbprint(certificate.Current));

        var second = Write();
        Assert.Equal(first, Thumbprint(certificate.Current));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second, Thumbprint(certificate.Current));
    }

    [Fact]
    public void Current_NewFilesUnreadable_KeepsTheLastGoodOneUntilTheyAreRepaired()
    {
        var good = Write();
        var certificate = Create();

        _folder.Replace("tls.crt", "no certificate");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(good, Thumbprint(certificate.Current));

        File.Delete(_folder.File("tls.crt"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(good, Thumbprint(certificate.Current));

        var repaired = Write();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(repaired, Thumbprint(certificate.Current));
    }

    [Fact]
    public void Current_OnlyCertificateReplacedYet_KeepsTheLastPair()
    {
        var good = Write();
        var certificate = Create();

        var (pem, key, thumbprint) = _authority.Issue();
        _folder.Replace("tls.crt", pem);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(good, Thumbprint(certificate.Current));

        _folder.Replace("tls.key", key);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(thumbprint, Thumbprint(certificate.Current));
    }

    [Fact]
    public async Task Server_CertificateRenewed_ShowsTheNewOneToNewConnectionsAndIsTrusted()
    {
        var first = Write();
        var builder = TestService.CreateBuilder(
            ("Kestrel:Certificates:Default:Path", _folder.File("tls.crt")),
            ("Kestrel:Certificates:Default:KeyPath", _folder.File("tls.key")));
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        await using var service = await TestService.StartAsync(builder, url: "https://127.0.0.1:0");
        Assert.Equal(first, await ShownAsync(service.Address));

        var second = Write();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second, await ShownAsync(service.Address));
    }

    private static string Thumbprint(SslStreamCertificateContext context) => context.TargetCertificate.Thumbprint;

    private async Task<string> ShownAsync(Uri address)
    {
        var shown = "";
        using var handler = _authority.CreateHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            shown = certificate!.GetCertHashString();
            return errors == SslPolicyErrors.None;
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.GetAsync(new Uri(address, "/alive"), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return shown;
    }

    private ServerCertificate Create() => new(
        new CertificateFiles(_folder.File("tls.crt"), _folder.File("tls.key")), _time, NullLogger<ServerCertificate>.Instance);

    private string Write()
    {
        var (pem, key, thumbprint) = _authority.Issue();
        _folder.Replace("tls.crt", pem);
        _folder.Replace("tls.key", key);
        return thumbprint;
    }
}
