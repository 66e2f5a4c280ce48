using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using HighAvail.Tests.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Hosting.Resources;

/// <summary>What real Aspire 13.5.2 gives to the processes of a sample app host, compared with what this host gives.</summary>
public class SampleRunEnvironmentTests
{
    [Theory]
    [InlineData("orders-api")]
    [InlineData("storefront")]
    public async Task Environment_SampleAppHost_HasTheVariablesOfRealAspireInTheirOrder(string name)
    {
        var expected = ReadSample($"## RUN-MODE ENV {name}");
        await using var app = await BuildAsync();
        var resource = (ProjectResource)app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == name);
        var context = new EnvironmentCallbackContext(app.Services.GetRequiredService<DistributedApplicationExecutionContext>(), resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        var actual = new List<string>();
        foreach (var (variable, value) in context.EnvironmentVariables)
        {
            var text = value is IValueProvider provider ? await provider.GetValueAsync(TestContext.Current.CancellationToken) : (string)value;
            actual.Add($"{variable}={text}");
        }

        // Names of services and instances are filled in by Aspire's process runner; here the model knows them.
        Assert.Equal(
            expected
                .Select(line => line.StartsWith("OTEL_RESOURCE_ATTRIBUTES=", StringComparison.Ordinal) ? $"OTEL_RESOURCE_ATTRIBUTES=service.instance.id={name}" : line)
                .Select(line => line.StartsWith("OTEL_SERVICE_NAME=", StringComparison.Ordinal) ? $"OTEL_SERVICE_NAME={name}" : line),
            actual);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("ordersdb")]
    [InlineData("cache")]
    [InlineData("orders-api")]
    [InlineData("storefront")]
    public async Task Model_SampleAppHost_HasTheEndpointsWaitsAndHealthChecksOfRealAspire(string name)
    {
        var expected = ReadSample($"## {name} (");
        var builder = Describe();
        var resource = builder.Resources.Single(r => r.Name == name);
        await using var app = await builder.BuildAsync(TestContext.Current.CancellationToken);

        var actual = new List<string>();
        actual.AddRange(resource.Annotations.OfType<EndpointAnnotation>().Select(e =>
            $"endpoint {e.Name} scheme={e.UriScheme} port={e.Port} targetPort={e.TargetPort} proxied={e.IsProxied} external={e.IsExternal}"));
        actual.AddRange(resource.Annotations.OfType<WaitAnnotation>().Select(w => $"wait {w.WaitType} {w.Resource.Name}"));
        actual.AddRange(resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => $"healthcheck {h.Key}"));
        actual.AddRange(resource.Annotations.OfType<ReplicaAnnotation>().Select(r => $"replicas {r.Replicas}"));

        Assert.Equal(expected.Select(line => line.Trim()), actual);
    }

    [Fact]
    public async Task Environment_NoReceiverOfTelemetry_HasNoEndpointToExportTo()
    {
        var project = Model.Create().AddProject<TestProject>("project");

        var environment = await project.EnvironmentAsync();

        Assert.DoesNotContain(environment.Keys, k => k.StartsWith("OTEL_EXPORTER_", StringComparison.Ordinal));
        Assert.Equal("project", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal("in_memory", environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"]);
    }

    private static HighAvail.Hosting.Testing.IDistributedApplicationTestingBuilder Describe()
    {
        var builder = Model.Create("--environment=Development", "--AppHost:DefaultLaunchProfileName=https");
        builder.Configuration["Parameters:postgres-password"] = "PostgresPassword-22-chars";
        builder.Configuration["Parameters:cache-password"] = "CachePassword22chars00";
        var postgres = builder.AddPostgres("postgres").WithDataVolume();
        var database = postgres.AddDatabase("ordersdb");
        var cache = builder.AddRedis("cache");
        var api = builder.AddProject<OrdersApi>("orders-api")
            .WithReference(database).WithReference(cache)
            .WaitFor(database).WaitFor(cache)
            .WithReplicas(2)
            .WithHttpHealthCheck("/health");
        builder.AddProject<Storefront>("storefront")
            .WithExternalHttpEndpoints()
            .WithReference(api).WithReference(cache)
            .WaitFor(api)
            .WithHttpHealthCheck("/health");
        return builder;
    }

    private static async Task<DistributedApplication> BuildAsync()
    {
        var builder = Describe();
        var app = await builder.BuildAsync(TestContext.Current.CancellationToken);
        var receiver = app.Services.GetRequiredService<OtlpReceiver>();
        receiver.GrpcEndpoint = new("http://localhost:18889");
        receiver.ApiKey = "OtlpApiKey";
        Allocate("postgres", "tcp", 61000);
        Allocate("cache", "tcp", 61002);
        Allocate("orders-api", "http", 5301, 61004);
        Allocate("storefront", "https", 7302, 61005);
        Allocate("storefront", "http", 5302, 61006);
        return app;

        void Allocate(string resource, string endpoint, int port, int? targetPort = null)
        {
            var annotation = ((IResourceWithEndpoints)builder.Resources.Single(r => r.Name == resource)).GetEndpoint(endpoint).EndpointAnnotation;
            annotation.AllocatedEndpoint = new(annotation, "localhost", port, targetPort?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static string[] ReadSample(string heading)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HighAvail.sln")))
        {
            folder = folder.Parent;
        }

        var file = folder is null ? null : Path.Combine(folder.Parent!.FullName, "shared", "aspire", "sample-run-env.txt");
        file = Environment.GetEnvironmentVariable("HIGHAVAIL_ASPIRE_SAMPLES") is { Length: > 0 } configured ? Path.Combine(configured, "sample-run-env.txt") : file;
        var isThere = file is not null && File.Exists(file);
        Assert.SkipUnless(isThere || Environment.GetEnvironmentVariable("CI") is { Length: > 0 }, "The sample of real Aspire is not beside the repository.");
        Assert.True(isThere, $"In CI the sample must be there: {file}");
        return [.. File.ReadLines(file!).SkipWhile(l => !l.StartsWith(heading, StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.StartsWith("##", StringComparison.Ordinal))];
    }

    private sealed class OrdersApi : TestProject
    {
        public override LaunchSettings LaunchSettings => new()
        {
            Profiles = { ["http"] = Profile("http://localhost:5301") },
        };
    }

    private sealed class Storefront : TestProject
    {
        public override LaunchSettings LaunchSettings => new()
        {
            Profiles = { ["https"] = Profile("https://localhost:7302;http://localhost:5302") },
        };
    }

    private static LaunchProfile Profile(string urls) =>
        new() { CommandName = "Project", ApplicationUrl = urls, EnvironmentVariables = { ["ASPNETCORE_ENVIRONMENT"] = "Development" } };
}
