using System.Reflection;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Dashboard;

/// <summary>Adds the dashboard to an application that is run, if the app host was built with one.</summary>
internal static class DashboardBuilder
{
    private const string Name = "dashboard";

    // Where it is unless the app host's launch profile says something else: the addresses that Aspire's tools know.
    private const string DefaultUrl = "http://localhost:18888";
    private const string DefaultOtlpGrpcUrl = "http://localhost:18889";
    private const string DefaultOtlpHttpUrl = "http://localhost:18890";

    // The services have the processors first. When one of them takes long, or forever, the dashboard is what shows why. Less
    // than what the front proxy holds connections for: until then telemetry waits at the door.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(8);

    internal static void AddTo(DistributedApplicationBuilder builder)
    {
        if (Find(builder.AppHostAssembly) is not { } project)
        {
            return;
        }

        var isNameTaken = builder.Resources.Any(r => string.Equals(r.Name, Name, StringComparison.OrdinalIgnoreCase));
        var resource = new DashboardResource(isNameTaken ? $"highavail-{Name}" : Name);
        var dashboard = builder.AddResource<ProjectResource>(resource).WithAnnotation(project);
        var configuration = builder.Configuration;
        AddEndpoint(dashboard, DashboardResource.HttpEndpoint, configuration["ASPNETCORE_URLS"]?.Split(';')[0] ?? DefaultUrl);
        AddEndpoint(dashboard, DashboardResource.OtlpGrpcEndpoint, configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? DefaultOtlpGrpcUrl);
        AddEndpoint(dashboard, DashboardResource.OtlpHttpEndpoint, configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? DefaultOtlpHttpUrl);
        dashboard.WithHttpHealthCheck("/health", endpointName: DashboardResource.HttpEndpoint)
            .WithEnvironment(context => AddVariables(context, builder));
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(resource, (e, ct) => UntilOthersSettledAsync(e.Services, ct));
        builder.Eventing.Subscribe<ResourceEndpointsAllocatedEvent>(resource, (e, _) =>
        {
            var receiver = e.Services.GetRequiredService<OtlpReceiver>();
            receiver.GrpcEndpoint = new(new EndpointReference(resource, DashboardResource.OtlpGrpcEndpoint).Url);
            receiver.HttpEndpoint = new(new EndpointReference(resource, DashboardResource.OtlpHttpEndpoint).Url);
            receiver.ApiKey = e.Services.GetRequiredService<DashboardAccess>().OtlpApiKey;
            return Task.CompletedTask;
        });
    }

    private static DashboardProject? Find(Assembly? appHost)
    {
        var metadata = appHost?.GetCustomAttributes<AssemblyMetadataAttribute>().ToLookup(a => a.Key, a => a.Value);
        return metadata?["apphostdashboardproject"].FirstOrDefault() is { } path ? new(path, metadata["apphostdashboard"].FirstOrDefault()) : null;
    }

    private static void AddEndpoint(IResourceBuilder<ProjectResource> dashboard, string name, string url)
    {
        var uri = Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Scheme: "http", IsLoopback: true } ? parsed : throw new DistributedApplicationException(
            $"The dashboard cannot listen on '{url}' ({name}): the address must be http, and on this machine alone, such as {DefaultUrl}.");
        dashboard.WithEndpoint(name, endpoint =>
        {
            endpoint.Port = uri.Port;
            endpoint.TargetHost = uri.Host;
            endpoint.UriScheme = uri.Scheme;
        });
    }

    private static void AddVariables(EnvironmentCallbackContext context, DistributedApplicationBuilder builder)
    {
        var access = context.ExecutionContext.Services.GetRequiredService<DashboardAccess>();
        var environment = context.EnvironmentVariables;
        environment["ASPNETCORE_URLS"] = Address(DashboardResource.HttpEndpoint);
        environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Address(DashboardResource.OtlpGrpcEndpoint);
        environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Address(DashboardResource.OtlpHttpEndpoint);
        environment["DASHBOARD__APPLICATIONNAME"] = ApplicationName(builder.Environment.ApplicationName);
        environment["DASHBOARD__FRONTEND__AUTHMODE"] = access.AllowsAnonymous ? "Unsecured" : "BrowserToken";
        environment["DASHBOARD__FRONTEND__BROWSERTOKEN"] = access.BrowserToken;
        environment["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey";
        environment["DASHBOARD__OTLP__PRIMARYAPIKEY"] = access.OtlpApiKey;

        // A file, because the host says in it where it is only later, and somewhere else after a restart.
        environment["HighAvail__HostFile"] = builder.Directories.HostFile;

        ReferenceExpression Address(string endpoint) =>
            ReferenceExpression.Create($"http://localhost:{new EndpointReference((IResourceWithEndpoints)context.Resource, endpoint).Property(EndpointProperty.TargetPort)}");
    }

    private static string ApplicationName(string appHost) =>
        appHost.EndsWith(".AppHost", StringComparison.OrdinalIgnoreCase) ? appHost[..^".AppHost".Length] : appHost;

    private static async Task UntilOthersSettledAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var others = services.GetRequiredService<DistributedApplicationModel>().Resources
            .Where(r => r is not (DashboardResource or ParameterResource) && !r.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .ToArray();
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_patience);
        try
        {
            await foreach (var _ in notifications.WatchAsync(limit.Token).ConfigureAwait(false))
            {
                var states = notifications.CurrentStates.ToLookup(s => s.Resource);
                if (Array.TrueForAll(others, r => states.Contains(r) && states[r].All(s => IsSettled(s.Snapshot))))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Long enough.
        }
    }

    private static bool IsSettled(CustomResourceSnapshot snapshot) =>
        snapshot.HealthStatus == HealthStatus.Healthy || KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);

    private sealed record DashboardProject(string ProjectPath, string? TargetPath) : IProjectMetadata;
}
