using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using HighAvail.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HighAvail.Tests.Gateway;

/// <summary>A real gateway process before replicas of the two services, which answer over TLS with what they received.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _discovery = new();
    private readonly TemporaryFolder _pki = new();
    private readonly TestAuthority _authority = new();
    private readonly List<TestService> _replicas = [];

    internal TestProcess Process { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    internal HttpClient PlainClient { get; private set; } = null!;

    internal int HttpsPort { get; } = LoopbackPort.Free();

    public async ValueTask InitializeAsync()
    {
        var (certificate, key, _) = _authority.Issue();
        _pki.Replace("ca.crt", _authority.Pem);
        _pki.Replace("tls.crt", certificate);
        _pki.Replace("tls.key", key);

        var httpPort = LoopbackPort.Free();
        Process = await ServiceProcess.StartAsync(
            "HighAvail.Gateway",
            ("ASPNETCORE_URLS", $"https://127.0.0.1:{HttpsPort};http://127.0.0.1:{httpPort}"),
            ("ASPNETCORE_HTTPS_PORT", $"{HttpsPort}"),
            ("Kestrel__Certificates__Default__Path", _pki.File("tls.crt")),
            ("Kestrel__Certificates__Default__KeyPath", _pki.File("tls.key")),
            ("HighAvail__TrustedAuthority", _pki.File("ca.crt")),
            ("HighAvail__DiscoveryFile", _discovery.File("discovery.json")),
            ("Gateway__RequestTimeout", "00:00:03"),
            ("services__users__https__0", "https://127.0.0.1:1"),
            ("services__orders__https__0", "https://127.0.0.1:1"));

        Client = CreateClient();
        PlainClient = CreateClient($"http://127.0.0.1:{httpPort}");
        await Process.WaitUntilHealthyAsync(Client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        PlainClient.Dispose();
        await Process.DisposeAsync();
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        _authority.Dispose();
        _discovery.Dispose();
        _pki.Dispose();
    }

    internal async Task<TestService> StartReplicaAsync(string name)
    {
        var replica = await TestService.StartAsync(
            TestService.CreateBuilder(
                ("Kestrel:Certificates:Default:Path", _pki.File("tls.crt")),
                ("Kestrel:Certificates:Default:KeyPath", _pki.File("tls.key"))),
            app => app.Map("/{**path}", async (HttpContext context) =>
            {
                if (context.Request.Query.ContainsKey("hang"))
                {
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }

                if (context.Request.Query.ContainsKey("die"))
                {
                    await context.Request.Body.ReadExactlyAsync(new byte[1], context.RequestAborted);
                    context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
                }

                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                return Results.Json(new
                {
                    Replica = name,
                    context.Request.Protocol,
                    Path = context.Request.Path.Value,
                    TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString(),
                    Headers = context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
                });
            }),
            "https://127.0.0.1:0");
        _replicas.Add(replica);
        return replica;
    }

    internal void Publish(string service, params TestService[] replicas) =>
        Publish(new Dictionary<string, TestService[]> { [service] = replicas });

    internal void Publish(IReadOnlyDictionary<string, TestService[]> services) =>
        _discovery.Replace("discovery.json", JsonSerializer.Serialize(new
        {
            services = services.ToDictionary(s => s.Key, s => new { https = s.Value.Select(r => r.Address.OriginalString) }),
        }));

    internal X509ChainPolicy TrustPolicy() => _authority.TrustPolicy();

    /// <summary>A client with connections of its own, for a test that may leave one broken.</summary>
    internal HttpClient CreateClient() => CreateClient($"https://127.0.0.1:{HttpsPort}");

    private HttpClient CreateClient(string address) => new(_authority.CreateHandler()) { BaseAddress = new Uri(address) };
}
