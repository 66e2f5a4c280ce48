using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using HighAvail.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Gateway;

/// <summary>A real gateway process before replicas of the two services, which answer over TLS with what they received.</summary>
public class GatewayFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _discovery = new();
    private readonly TemporaryFolder _pki = new();
    private readonly TestAuthority _authority = new();
    private readonly List<TestService> _replicas = [];

    internal TestProcess Process { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    internal HttpClient PlainClient { get; private set; } = null!;

    internal int HttpsPort { get; } = LoopbackPort.Free();

    internal string CertificateFile => _pki.File("tls.crt");

    internal string KeyFile => _pki.File("tls.key");

    /// <summary>What this gateway is told besides where everything is.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Settings => [];

    /// <summary>How long it waits: for longer than anything takes on a busy machine.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Patience =>
    [
        ("Forwarding__RequestTimeout", "00:01:00"),
        ("Forwarding__TryTimeout", "00:00:30"),
        ("Forwarding__PasswordTryTimeout", "00:00:30"),
    ];

    /// <summary>Where the gateway finds the replicas: in a file that others keep.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Discovery =>
    [
        ("HighAvail__DiscoveryFile", _discovery.File("discovery.json")),
        ("services__users__https__0", "https://127.0.0.1:1"),
        ("services__orders__https__0", "https://127.0.0.1:1"),
    ];

    public async ValueTask InitializeAsync()
    {
        var (certificate, key, _) = _authority.Issue();
        _pki.Replace("ca.crt", _authority.Pem);
        _pki.Replace("tls.crt", certificate);
        _pki.Replace("tls.key", key);
        await PrepareAsync();

        var httpPort = LoopbackPort.Free();
        Process = await ServiceProcess.StartAsync(
            "HighAvail.Gateway",
            [
                ("ASPNETCORE_URLS", $"https://127.0.0.1:{HttpsPort};http://127.0.0.1:{httpPort}"),
                ("ASPNETCORE_HTTPS_PORT", $"{HttpsPort}"),
                ("Kestrel__Certificates__Default__Path", CertificateFile),
                ("Kestrel__Certificates__Default__KeyPath", KeyFile),
                ("HighAvail__TrustedAuthority", _pki.File("ca.crt")),
                .. Patience,
                .. Discovery,
                .. Settings,
            ]);

        Client = CreateClient();
        PlainClient = CreateClient($"http://127.0.0.1:{httpPort}");
        await Process.WaitUntilHealthyAsync(Client);
    }

    public virtual async ValueTask DisposeAsync()
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
        GC.SuppressFinalize(this);
    }

    /// <param name="name">What the replica says of itself.</param>
    /// <param name="answer">What it does instead of answering at once; false, and it answers as usual.</param>
    internal async Task<TestService> StartReplicaAsync(string name, Func<HttpContext, Task<bool>>? answer = null)
    {
        var replica = await TestService.StartAsync(
            TestService.CreateBuilder(
                ("Kestrel:Certificates:Default:Path", CertificateFile),
                ("Kestrel:Certificates:Default:KeyPath", KeyFile)),
            app => app.Map("/{**path}", async (HttpContext context) =>
            {
                if (answer is not null && await answer(context))
                {
                    return Results.Empty;
                }

                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                return Results.Json(new
                {
                    Replica = name,
                    context.Request.Protocol,
                    context.Request.Method,
                    Path = context.Request.Path.Value,
                    Body = Encoding.UTF8.GetString(body.ToArray()),
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
        PublishAddresses(services.ToDictionary(s => s.Key, s => s.Value.Select(r => r.Address.OriginalString).ToArray()));

    internal void PublishAddresses(IReadOnlyDictionary<string, string[]> services) =>
        _discovery.Replace("discovery.json", JsonSerializer.Serialize(new
        {
            // As the host writes it: one without a ready replica is left out.
            services = services.Where(s => s.Value.Length > 0).ToDictionary(s => s.Key, s => new { https = s.Value }),
        }));

    /// <summary>Publishes replicas of the Order service and waits until the gateway knows them.</summary>
    internal async Task PublishOrdersAsync(params string[] addresses)
    {
        // The gateway takes up the file as a whole, so a replica of the other service tells when it has.
        var name = $"{Guid.NewGuid()}";
        var marker = await StartReplicaAsync(name);
        PublishAddresses(new Dictionary<string, string[]> { ["users"] = [marker.Address.OriginalString], ["orders"] = addresses });
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await Client.GetAsync(new Uri("/users/marker", UriKind.Relative), TestContext.Current.CancellationToken);
                return response.IsSuccessStatusCode && (await ReadAsync(response)).GetProperty("replica").GetString() == name;
            },
            "the gateway to know its replicas");
    }

    internal Task PublishOrdersAsync(params TestService[] replicas) => PublishOrdersAsync([.. replicas.Select(r => r.Address.OriginalString)]);

    /// <summary>Gives it another certificate, as the authority does before the old one expires.</summary>
    /// <returns>The thumbprint of the new one.</returns>
    internal string RenewCertificate()
    {
        var (certificate, key, thumbprint) = _authority.Issue();
        _pki.Replace("tls.key", key);
        _pki.Replace("tls.crt", certificate);
        return thumbprint;
    }

    internal X509ChainPolicy TrustPolicy() => _authority.TrustPolicy();

    /// <summary>A client with connections of its own, for a test that may leave one broken.</summary>
    internal HttpClient CreateClient() => CreateClient($"https://127.0.0.1:{HttpsPort}");

    internal static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    internal static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync(response);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Trace-Id")), problem.GetProperty("traceId").GetString());
        return problem;
    }

    internal async Task<SslStream> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, HttpsPort, TestContext.Current.CancellationToken);
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = TrustPolicy() }, TestContext.Current.CancellationToken);
        return tls;
    }

    /// <summary>
    /// What is answered to these bytes, over a connection of their own, until it ends. A server that waits in vain for the rest of a body may
    /// reset it after the answer.
    /// </summary>
    internal async Task<string> SendRawAsync(string request)
    {
        await using var tls = await ConnectAsync();
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return await ReadToEndAsync(tls);
    }

    internal static async Task<string> ReadToEndAsync(Stream stream)
    {
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // What was answered stands.
        }

        return answer.ToString();
    }

    /// <summary>What has to be there before the gateway starts.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    private HttpClient CreateClient(string address) => new(_authority.CreateHandler()) { BaseAddress = new Uri(address) };
}
