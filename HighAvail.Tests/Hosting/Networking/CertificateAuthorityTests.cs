using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Hosting.Networking;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Networking;

public sealed class CertificateAuthorityTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EnsureAsync_EmptyFolder_CreatesFilesWithKeysForTheOwnerAlone()
    {
        var pki = await EnsureAsync("users");

        using var leaf = X509Certificate2.CreateFromPemFile(pki.CertificatePath, pki.KeyPath);
        Assert.True(leaf.HasPrivateKey);
        Assert.False(pki.Authority.HasPrivateKey);
        Assert.True(leaf.MatchesHostname("localhost"));
        Assert.True(leaf.MatchesHostname("users"));
        Assert.True(leaf.MatchesHostname("127.0.0.1"));
        Assert.True(leaf.MatchesHostname("::1"));
        Assert.NotEqual(leaf.SerialNumber, pki.Authority.SerialNumber);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(pki.AuthorityKeyPath));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(pki.KeyPath));
            Assert.Equal(OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(pki.AuthorityPath));
        }
    }

    [Fact]
    public async Task EnsureAsync_Again_ChangesNothing()
    {
        var before = Read(await EnsureAsync("users"));

        _time.Advance(TimeSpan.FromDays(59));

        Assert.Equal(before, Read(await EnsureAsync("users")));
    }

    [Fact]
    public async Task EnsureAsync_LessThanThirtyDaysLeft_RenewsTheCertificateButNoKeyAndNotTheAuthority()
    {
        var before = Read(await EnsureAsync("users"));

        _time.Advance(TimeSpan.FromDays(60) + TimeSpan.FromMinutes(1));
        var pki = await EnsureAsync("users");

        var after = Read(pki);
        Assert.NotEqual(before.Certificate, after.Certificate);
        Assert.Equal(before with { Certificate = after.Certificate }, after);
        using var leaf = X509Certificate2.CreateFromPemFile(pki.CertificatePath, pki.KeyPath);
        Assert.Equal(_time.GetUtcNow().UtcDateTime.AddDays(90), leaf.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task EnsureAsync_AuthorityNearItsEnd_RenewsBoth()
    {
        var before = Read(await EnsureAsync());

        _time.Advance(TimeSpan.FromDays((365 * 10) - 60));
        var after = Read(await EnsureAsync());

        Assert.NotEqual(before.Authority, after.Authority);
        Assert.NotEqual(before.Certificate, after.Certificate);
    }

    [Fact]
    public async Task EnsureAsync_ServiceAdded_NewAuthorityPermitsIt()
    {
        await EnsureAsync("users");

        var pki = await EnsureAsync("users", "orders");

        using var leaf = X509Certificate2.CreateFromPemFile(pki.CertificatePath, pki.KeyPath);
        Assert.True(leaf.MatchesHostname("orders"));
        Assert.True(IsTrusted(leaf, pki.Authority));
    }

    [Fact]
    public async Task EnsureAsync_ServiceRemoved_KeepsTheAuthorityThatPeopleTrust()
    {
        var before = Read(await EnsureAsync("users", "orders"));

        var pki = await EnsureAsync("users");

        Assert.Equal(before.Authority, Read(pki).Authority);
        using var leaf = X509Certificate2.CreateFromPemFile(pki.CertificatePath, pki.KeyPath);
        Assert.False(leaf.MatchesHostname("orders"));
        Assert.True(IsTrusted(leaf, pki.Authority));
    }

    [Fact]
    public async Task EnsureAsync_SeveralAtOnceInAnEmptyFolder_AllEndWithTheSameFiles()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Create(TimeProvider.System, "users"), TestContext.Current.CancellationToken)));

        var authority = Read(all[0]).Authority;
        Assert.All(all, pki => Assert.Equal(authority, pki.Authority.ExportCertificatePem() + "\n"));
        using var leaf = X509Certificate2.CreateFromPemFile(all[0].CertificatePath, all[0].KeyPath);
        Assert.True(IsTrusted(leaf, all[0].Authority));
    }

    [Fact]
    public async Task EnsureAsync_KilledBetweenKeyAndCertificate_Recovers()
    {
        var pki = await EnsureAsync("users");
        File.Delete(pki.AuthorityPath);
        File.Delete(pki.CertificatePath);
        await File.WriteAllTextAsync(pki.CertificatePath + ".next", "half a certifi", TestContext.Current.CancellationToken);

        pki = await EnsureAsync("users");

        using var leaf = X509Certificate2.CreateFromPemFile(pki.CertificatePath, pki.KeyPath);
        Assert.True(IsTrusted(leaf, pki.Authority));
    }

    [Theory]
    [InlineData("ca.crt")]
    [InlineData("ca.key")]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    public async Task EnsureAsync_DamagedFile_SaysWhichToDeleteAndWorksWithoutIt(string name)
    {
        await EnsureAsync("users");
        var path = _folder.File(Path.Combine("pki", name));
        await File.WriteAllTextAsync(path, "not PEM", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => EnsureAsync("users"));
        Assert.Contains($"{path} is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it", error.Message, StringComparison.Ordinal);

        File.Delete(path);
        var pki = await EnsureAsync("users");
        using var leaf = X509Certificate2.CreateFromPemFile(pki.CertificatePath, pki.KeyPath);
        Assert.True(IsTrusted(leaf, pki.Authority));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("orders")]
    [InlineData("shop.app")]
    [InlineData("10.0.0.1")]
    public async Task Authority_SignsForAnotherHost_IsNotTrusted(string host)
    {
        var pki = await EnsureAsync("users", "app");
        using var authorityKey = ECDsa.Create();
        authorityKey.ImportFromPem(await File.ReadAllTextAsync(pki.AuthorityKeyPath, TestContext.Current.CancellationToken));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=other", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(host, out var address))
        {
            alternatives.AddIpAddress(address);
        }
        else
        {
            alternatives.AddDnsName(host);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        var now = DateTimeOffset.UtcNow;
        using var leaf = request.Create(
            pki.Authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), now, now.AddDays(1), [1]);

        Assert.False(IsTrusted(leaf, pki.Authority));

        Tool.SkipUnlessPresent("openssl");
        var path = _folder.File("other.crt");
        await File.WriteAllTextAsync(path, leaf.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var (exitCode, output) = await Tool.RunAsync("openssl", "verify", "-CAfile", pki.AuthorityPath, path);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("subtree violation", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-verify_hostname", "localhost")]
    [InlineData("-verify_hostname", "users")]
    [InlineData("-verify_ip", "127.0.0.1")]
    [InlineData("-verify_ip", "::1")]
    public async Task Certificate_VerifiedStrictlyByOpenSsl_IsGood(string option, string host)
    {
        Tool.SkipUnlessPresent("openssl");
        var pki = await EnsureAsync("users");

        var (exitCode, output) = await Tool.RunAsync(
            "openssl", "verify", "-x509_strict", "-purpose", "sslserver", option, host, "-CAfile", pki.AuthorityPath, pki.CertificatePath);

        Assert.True(exitCode == 0, output);
    }

    private Task<CertificateAuthority> EnsureAsync(params string[] serviceNames) => Create(_time, serviceNames);

    private async Task<CertificateAuthority> Create(TimeProvider time, params string[] serviceNames)
    {
        var pki = new CertificateAuthority(_folder.File("pki"), serviceNames, time, NullLogger<CertificateAuthority>.Instance);
        await pki.EnsureAsync(TestContext.Current.CancellationToken);
        return pki;
    }

    private bool IsTrusted(X509Certificate2 leaf, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(leaf);
    }

    private static Files Read(CertificateAuthority pki) => new(
        File.ReadAllText(pki.AuthorityPath),
        File.ReadAllText(pki.AuthorityKeyPath),
        File.ReadAllText(pki.CertificatePath),
        File.ReadAllText(pki.KeyPath));

    private sealed record Files(string Authority, string AuthorityKey, string Certificate, string Key);
}
