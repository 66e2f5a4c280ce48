using System.Security.Cryptography.X509Certificates;
using HighAvail.Tests.Hosting.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Orchestration;

public class CertificateRenewalTests
{
    [Fact]
    public async Task Run_TwoMonths_RenewsTheCertificateAMonthBeforeItsEndByReplacingTheFile()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await RunningHost.StartAsync(b => b.Services.AddSingleton<TimeProvider>(time));
        var path = Path.Combine(host.Directories.Pki, "tls.crt");
        var first = Read(path);
        await using var open = File.OpenRead(path);

        var passed = await Eventually.AdvanceUntilAsync(
            time, () => Read(path).Thumbprint != first.Thumbprint, "the certificate is renewed", stepMilliseconds: (int)TimeSpan.FromHours(6).TotalMilliseconds);

        Assert.InRange(passed, TimeSpan.FromDays(59), TimeSpan.FromDays(89));
        Assert.True(Read(path).NotAfter > first.NotAfter);
        using var reader = new StreamReader(open);
        Assert.Equal(first.Thumbprint, X509Certificate2.CreateFromPem(await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Thumbprint);
    }

    private static X509Certificate2 Read(string path) => X509CertificateLoader.LoadCertificateFromFile(path);
}
