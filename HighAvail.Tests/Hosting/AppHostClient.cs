using System.Security.Cryptography.X509Certificates;

namespace HighAvail.Tests.Hosting;

internal static class AppHostClient
{
    /// <summary>A client of the gateway of a host that has just been started, which trusts what the person is told to trust.</summary>
    internal static async Task<HttpClient> CreateClientAsync(this AppHostProcess host, AppHostState state, CancellationToken cancellationToken)
    {
        // 3.7 s  gateway   healthy ×2  https://localhost:7443  http://localhost:5080
        var line = await host.LineAsync("gateway   healthy", cancellationToken);
        var address = line.Split(' ').First(word => word.StartsWith("https://", StringComparison.Ordinal));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(state.Path, "pki", "ca.crt")));
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } }) { BaseAddress = new(address) };
    }
}
