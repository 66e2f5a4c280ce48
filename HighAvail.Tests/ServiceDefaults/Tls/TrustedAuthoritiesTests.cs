using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HighAvail.ServiceDefaults.Tls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.ServiceDefaults.Tls;

public sealed class TrustedAuthoritiesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task HttpClient_ServerOfTheAuthority_IsTrusted()
    {
        await using var server = await StartServerAsync(_authority);
        await using var caller = await TestService.StartAsync(map: null, ("HighAvail:TrustedAuthority", _folder.Replace("ca.crt", _authority.Pem)));
        using var client = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        using var response = await client.GetAsync(new Uri(server.Address, "/alive"), TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task HttpClient_ServerOfAnotherAuthority_IsRefused()
    {
        using var other = new TestAuthority();
        await using var server = await StartServerAsync(other);
        await using var caller = await TestService.StartAsync(map: null, ("HighAvail:TrustedAuthority", _folder.Replace("ca.crt", _authority.Pem)));
        using var client = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.PostAsync(new Uri(server.Address, "/alive"), content: null, TestContext.Current.CancellationToken));

        Assert.IsType<AuthenticationException>(exception.InnerException);
    }

    [Fact]
    public void Apply_OwnAuthority_KeepsTheRootsOfTheSystem()
    {
        using var handler = new SocketsHttpHandler();
        Create(_folder.Replace("ca.crt", _authority.Pem)).Apply(handler);

        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        var trusted = handler.SslOptions.CertificateChainPolicy!.CustomTrustStore.Select(c => c.Thumbprint).ToHashSet();
        Assert.All(store.Certificates, root => Assert.Contains(root.Thumbprint, trusted));
        Assert.Contains("CN=Test authority", handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Select(c => c.Subject));
    }

    [Fact]
    public void Apply_NoAuthorityConfigured_LeavesTheHandlerAlone()
    {
        using var handler = new SocketsHttpHandler();
        Create(path: null).Apply(handler);

        Assert.Null(handler.SslOptions.CertificateChainPolicy);
    }

    [Fact]
    public void Constructor_FileMissing_NamesKeyAndPath()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Create("/nowhere/ca.crt"));

        Assert.Contains("HighAvail:TrustedAuthority", exception.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/ca.crt", exception.Message, StringComparison.Ordinal);
    }

    private static TrustedAuthorities Create(string? path) => new(new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("HighAvail:TrustedAuthority", path)])
        .Build());

    private Task<TestService> StartServerAsync(TestAuthority authority)
    {
        var (pem, key, _) = authority.Issue();
        return TestService.StartAsync(
            TestService.CreateBuilder(
                ("Kestrel:Certificates:Default:Path", _folder.Replace("tls.crt", pem)),
                ("Kestrel:Certificates:Default:KeyPath", _folder.Replace("tls.key", key))),
            url: "https://127.0.0.1:0");
    }
}
