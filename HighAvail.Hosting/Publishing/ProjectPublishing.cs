using System.Net.Sockets;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;

namespace HighAvail.Hosting.Publishing;

/// <summary>What a project is given when it is published: a launch profile's ports are for this machine alone.</summary>
internal static class ProjectPublishing
{
    internal static IResourceBuilder<ProjectResource> WithPublishedDefaults(this IResourceBuilder<ProjectResource> builder, NamedLaunchProfile? profile)
    {
        var project = builder.Resource;
        EndpointAnnotation? defaultHttps = null;
        builder.WithEnvironment(context =>
        {
            var environment = context.EnvironmentVariables;
            environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
            if (project.HasAnnotationOfType<EndpointAnnotation>() && !project.HasAnnotationOfType<DisableForwardedHeadersAnnotation>())
            {
                environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            }

            var endpoints = project.EndpointsToListenOn();
            AddPorts(environment, "HTTP_PORTS", endpoints.Where(e => e.IsHttp));

            // Where a project is deployed TLS usually ends before it, so it is not told to listen on an endpoint that nobody asked for.
            AddPorts(environment, "HTTPS_PORTS", endpoints.Where(e => e.IsHttps && e.EndpointAnnotation != defaultHttps));
        });
        if (profile?.Profile.ApplicationUrl is null)
        {
            return builder;
        }

        // A project that listens at all can be reached by both schemes, whatever its launch profile has.
        builder.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "http"));
        return builder.WithAnnotation(defaultHttps = new EndpointAnnotation(ProtocolType.Tcp, "https"));
    }

    private static void AddPorts(Dictionary<string, object> environment, string variable, IEnumerable<EndpointReference> endpoints)
    {
        var ports = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints)
        {
            ports.AppendLiteral(ports.IsEmpty ? string.Empty : ";");
            ports.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!ports.IsEmpty)
        {
            environment.TryAdd(variable, ports.Build());
        }
    }
}
