using System.Net;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.Publishing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace HighAvail.Tests.Hosting.Resources;

public class ExternalServiceTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Theory]
    [InlineData("nowhere", "absolute URI")]
    [InlineData("https://example.com/path", "must end with '/'")]
    [InlineData("https://example.com/#", "fragment")]
    [InlineData("https://example.com/?q=1", "query string")]
    public void AddExternalService_UrlThatIsNoBase_IsRefused(string url, string problem)
    {
        var builder = Model.Create();

        Assert.Contains(problem, Assert.Throws<ArgumentException>(nameof(url), () => builder.AddExternalService("nuget", url)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("http://example.com:8080/api/")]
    public async Task WithReference_KnownUrl_IsFoundByItsScheme(string url)
    {
        var builder = Model.Create();
        var service = builder.AddExternalService("my-service", url);
        var client = builder.AddExecutable("client", "true", ".").WithReference(service).WithEnvironment("OWN", service);

        Assert.Equal(
            new Dictionary<string, string> { [$"services__my-service__{new Uri(url).Scheme}__0"] = url, ["MY_SERVICE"] = url, ["OWN"] = url },
            await client.EnvironmentAsync());
        Assert.Equal([service.Resource], client.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => r.Resource).Distinct());
    }

    [Fact]
    public async Task WithReference_UrlOfAParameter_IsFoundByTheSchemeOfItsValue()
    {
        var builder = Model.Create();
        var service = builder.AddExternalService("service", builder.AddParameter("url", "https://example.com/"));
        var client = builder.AddExecutable("client", "true", ".").WithReference(service);

        Assert.Equal(
            new Dictionary<string, string> { ["services__service__https__0"] = "https://example.com/", ["SERVICE_HTTPS"] = "https://example.com/" },
            await client.EnvironmentAsync());
    }

    [Fact]
    public async Task Manifest_UrlOfAParameter_IsTheParameterAndNoResource()
    {
        using var folder = new TemporaryFolder();
        var builder = Manifests.Publishing(folder.Path);
        var service = builder.AddExternalService("service", builder.AddParameter("url"));
        builder.AddExecutable("client", "true", ".").WithReference(service);

        var manifest = await Manifests.OfAsync(builder, folder.Path);

        Assert.Equal(["url", "client"], manifest.Select(r => r.Key));
        Manifests.AssertJson("""{ "services__service__default__0": "{url.value}", "SERVICE": "{url.value}" }""", manifest["client"]!["env"]);
    }

    [Theory]
    [InlineData("relative", "is invalid: The URL for the external service must be an absolute URI.")]
    [InlineData(null, "no URL today")]
    public async Task Start_ParameterThatIsNoUrl_FailsTheServiceAndSaysWhy(string? value, string message)
    {
        var builder = Model.Create();
        builder.AddExternalService("service", builder.AddParameter("url", () => value ?? throw new FormatException("no URL today")));
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        var failed = await app.ResourceNotifications.WaitForResourceAsync(
            "service", e => e.Snapshot.State?.Text == KnownResourceStates.FailedToStart && e.Snapshot.Properties.Length > 0, Cancelled);
        Assert.Contains(message, (string)failed.Snapshot.Properties.Single(p => p.Name == "message").Value!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, HealthStatus.Healthy)]
    [InlineData(503, HealthStatus.Unhealthy)]
    public async Task HttpHealthCheck_AnswerOfTheService_IsItsHealth(int status, HealthStatus expected)
    {
        await using var server = await ServeAsync(status);
        var builder = Model.Create();
        builder.AddExternalService("service", $"{server.Urls.Single()}/api/").WithHttpHealthCheck("ready");
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        var running = await app.ResourceNotifications.WaitForResourceAsync(
            "service", e => e.Snapshot.HealthReports is [{ Status: not null }] && e.Snapshot.State?.Text == KnownResourceStates.Running, Cancelled);
        Assert.Equal(expected, running.Snapshot.HealthStatus);
        Assert.Equal("service_external_ready_200_check", running.Snapshot.HealthReports[0].Name);
        Assert.Equal([$"{server.Urls.Single()}/api/"], running.Snapshot.Urls.Select(u => u.Url));
    }

    [Fact]
    public void HttpHealthCheck_OtherSchemeOrAbsolutePath_IsRefused()
    {
        var builder = Model.Create();

        Assert.Throws<ArgumentException>("builder", () => builder.AddExternalService("mail", "smtp://example.com/").WithHttpHealthCheck());
        Assert.Throws<ArgumentException>("path", () => builder.AddExternalService("web", "http://example.com/").WithHttpHealthCheck("http://example.com/health"));
    }

    private static async Task<WebApplication> ServeAsync(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.MapGet("/api/ready", () => Results.StatusCode(status));
        await server.StartAsync(Cancelled);
        return server;
    }
}
