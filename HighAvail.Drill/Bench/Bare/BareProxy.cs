using System.Net;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Drill.Systems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace HighAvail.Drill.Bench.Bare;

/// <summary>The proxy of the gateway and nothing else, so that what the gateway does besides shows: no limits, no retries, no headers, no checks.</summary>
internal static class BareProxy
{
    private const string Replicas = "BARE_REPLICAS";
    private const string Pki = "BARE_PKI";

    // As the gateway has it.
    private const string ProfileGuided = "DOTNET_TieredPGO";

    /// <param name="replicas">The addresses of the replicas.</param>
    /// <param name="pki">The folder with the system's certificate, its key and the authority.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<BenchServer> StartAsync(IReadOnlyList<Uri> replicas, string pki, CancellationToken cancellationToken) => BenchServer.StartAsync(
        BenchCommand.BareVerb, new Dictionary<string, string> { [Replicas] = string.Join(' ', replicas), [Pki] = pki, [ProfileGuided] = "1" }, cancellationToken);

    /// <summary>In its own process.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var replicas = Environment.GetEnvironmentVariable(Replicas)!.Split(' ');
        var pki = Environment.GetEnvironmentVariable(Pki)!;
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(pki, "tls.crt"), Path.Combine(pki, "tls.key"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate);
        }));
        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                [new RouteConfig { RouteId = "all", ClusterId = "service", Match = new RouteMatch { Path = "/{**rest}" } }],
                [
                    new ClusterConfig
                    {
                        ClusterId = "service",
                        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
                        HttpRequest = new ForwarderRequestConfig { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower },
                        Destinations = replicas.ToDictionary(replica => replica, replica => new DestinationConfig { Address = replica }),
                    },
                ])
            .ConfigureHttpClient((_, handler) => handler.SslOptions.CertificateChainPolicy = GatewayTrust.ReadPolicy(Path.Combine(pki, "ca.crt")));

        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync(cancellationToken);
        await BenchServer.ServeAsync(app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal), cancellationToken);
        await app.StopAsync(CancellationToken.None);
    }
}
