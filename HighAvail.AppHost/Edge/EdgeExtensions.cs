using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HighAvail.AppHost.Edge;

/// <summary>Puts a load balancer before the gateways, so that not even a request under way on a gateway fails when that is killed.</summary>
internal static class EdgeExtensions
{
    private const string Haproxy = "haproxy";

    /// <summary>With <c>--edge haproxy</c> the public addresses are HAProxy's; without it, and when publishing, nothing changes.</summary>
    public static void AddEdge(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> gateway)
    {
        // What is published runs behind an ingress, which is an edge already.
        if (builder.Configuration["Edge"] is not { } kind || builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        if (kind != Haproxy)
        {
            throw new DistributedApplicationException(
                $"'{kind}' cannot be the edge; '{Haproxy}' can: --edge {Haproxy}. Without --edge clients reach the gateways directly.");
        }

        var program = HaproxyProgram.Find();
        var settings = builder.Configuration.GetSection("Edge");
        var folder = builder.AppHostDirectory;
        var ports = PublicPorts(gateway);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CertificateReload>();

        var edge = builder.AddExecutable("edge", program, ".")
            .WithHttpsEndpoint(ports["https"], env: HaproxyConfiguration.HttpsPort)
            .WithHttpEndpoint(ports["http"], env: HaproxyConfiguration.HttpPort)
            .WithHttpEndpoint(name: "statistics", env: HaproxyConfiguration.StatisticsPort)
            .WithUrlForEndpoint("statistics", url => url.DisplayText = "Statistics")
            .WithHttpHealthCheck(HaproxyConfiguration.HealthPath, endpointName: "statistics")
            .WaitFor(gateway);

        // The edge replaces what clients say of where they come from.
        gateway.WithEnvironment("Security__TrustedProxies__0", "127.0.0.0/8");

        // At each start, because the certificate may be another one by then, or be gone.
        edge.WithArgs(async context =>
        {
            var files = EdgeFiles.In(context.ExecutionContext.ServiceProvider.GetRequiredService<IAspireStore>(), settings, folder);
            var configuration = new HaproxyConfiguration(
                [.. Enumerable.Range(0, gateway.Resource.GetReplicaCount()).Select(i => $"{gateway.Resource.Name}-{i}")],
                gateway.GetEndpoint("https").Port,
                edge.GetEndpoint("https").Port,
                files.Certificate,
                files.Authority);
            await files.WriteAsync(configuration, context.CancellationToken);
            foreach (var argument in files.Arguments)
            {
                context.Args.Add(argument);
            }
        });
        edge.OnResourceReady((_, ready, _) =>
        {
            var files = EdgeFiles.In(ready.Services.GetRequiredService<IAspireStore>(), settings, folder);
            ready.Services.GetRequiredService<CertificateReload>().Watch(files, edge.GetEndpoint("https").Port);
            return Task.CompletedTask;
        });
    }

    private static Dictionary<string, int?> PublicPorts(IResourceBuilder<ProjectResource> gateway)
    {
        var ports = new Dictionary<string, int?>();
        foreach (var name in (string[])["https", "http"])
        {
            gateway.WithEndpoint(
                name,
                endpoint =>
                {
                    (ports[name], endpoint.Port) = (endpoint.Port, null);
                    endpoint.IsExternal = false;
                },
                createIfNotExists: false);
        }

        return ports;
    }
}
