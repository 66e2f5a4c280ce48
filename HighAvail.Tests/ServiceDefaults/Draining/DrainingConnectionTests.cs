using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.ServiceDefaults.Draining;

public sealed class DrainingConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Request_WhileDraining_IsAnsweredAndItsConnectionIsNotUsedAgain(string version)
    {
        var (pem, key, _) = _authority.Issue();
        var builder = TestService.CreateBuilder(
            ("Kestrel:Certificates:Default:Path", _folder.Replace("tls.crt", pem)),
            ("Kestrel:Certificates:Default:KeyPath", _folder.Replace("tls.key", key)));
        await using var service = await TestService.StartAsync(
            builder, app => app.MapGet("/connection", (HttpContext context) => context.Connection.Id), "https://127.0.0.1:0");
        using var client = new HttpClient(_authority.CreateHandler())
        {
            BaseAddress = service.Address,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var before = await ConnectionAsync(client);
        Assert.Equal(before, await ConnectionAsync(client));

        service.Services.GetRequiredService<DrainSignal>().Begin();

        // The connection that is open answers one more request; GOAWAY reaches an HTTP/2 client together with that answer or just after it.
        Assert.Equal(before, await ConnectionAsync(client));
        await Eventually.TrueAsync(async () => await ConnectionAsync(client) != before, "another connection");
    }

    private static async Task<string> ConnectionAsync(HttpClient client) =>
        (await client.GetStringAsync(new Uri("/connection", UriKind.Relative), TestContext.Current.CancellationToken)).Split(':')[0];
}
