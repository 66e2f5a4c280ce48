using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources;

public class UrlTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_DescribedUrls_AreThoseOfEndpointsThenTheOthers()
    {
        var builder = Model.Create();
        var program = builder.AddExecutable("program", "/bin/sh", ".", "-c", "sleep 60").WithHttpEndpoint(name: "web").WithHttpEndpoint(name: "admin");
        program.WithUrl("https://example.com", "Example")
            .WithUrl($"{program.GetEndpoint("web")}/docs", "Docs")
            .WithUrlForEndpoint("admin", url =>
            {
                url.Url = "/admin";
                url.DisplayText = "Admin";
            })
            .WithUrlForEndpoint("web", endpoint => new() { Url = "/second", DisplayText = endpoint.EndpointName })
            .WithUrlForEndpoint("missing", _ => Assert.Fail("There is no such endpoint."))
            .WithUrls(context => context.Urls.RemoveAll(u => u.Url == "https://example.com"));
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        var (web, admin) = (program.GetEndpoint("web").Url, program.GetEndpoint("admin").Url);
        Assert.Equal(
            [(web, null, "web"), ($"{admin}/admin", "Admin", "admin"), ($"{web}/docs", "Docs", "web"), ($"{web}/second", "web", "web")],
            program.Resource.Annotations.OfType<ResourceUrlAnnotation>().Select(u => (u.Url, u.DisplayText, u.Endpoint?.EndpointName)));
        var running = await app.ResourceNotifications.WaitForResourceAsync("program", e => e.Snapshot.State?.Text == KnownResourceStates.Running, Cancelled);
        Assert.Contains(running.Snapshot.Urls, u => u.Url == $"{admin}/admin" && u.DisplayProperties.DisplayName == "Admin" && !u.IsInactive);
    }

    [Fact]
    public async Task WithUrl_Path_IsPutBehindTheUrlsSoFar()
    {
        var builder = Model.Create();
        var program = builder.AddExecutable("program", "/bin/sh", ".", "-c", "sleep 60").WithHttpEndpoint(name: "web")
            .WithUrl("https://example.com/old?x=1", "Example")
            .WithUrl("/docs", "Docs")
            .WithUrls(context => context.Urls.Add(new() { Url = "https://example.com/later" }));
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        Assert.Equal(
            [($"{program.GetEndpoint("web").Url}/docs", "Docs"), ("https://example.com/docs", "Example"), ("https://example.com/later", null)],
            program.Resource.Annotations.OfType<ResourceUrlAnnotation>().Select(u => (u.Url, u.DisplayText)));
    }

    [Fact]
    public async Task Start_ResourceThatIsNoProcess_PublishesItsUrlsAsItsLifeGoesOn()
    {
        var builder = Model.Create();
        builder.AddResource(new CustomResource("custom"))
            .WithHttpEndpoint(name: "web")
            .WithUrl("https://example.com", "Example")
            .OnInitializeResource(async (resource, e, cancellation) =>
            {
                var endpoint = resource.GetEndpoint("web").EndpointAnnotation;
                endpoint.AllocatedEndpoint = new(endpoint, "localhost", 5000);
                await e.Eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, e.Services), cancellation);
                await e.Notifications.PublishUpdateAsync(resource, s => s with
                {
                    State = KnownResourceStates.Running,
                    Urls = [.. s.Urls.Select(u => u with { IsInactive = false })],
                });
            });
        await using var app = await builder.BuildAsync(Cancelled);
        var changes = new List<CustomResourceSnapshot>();
        var watching = app.ResourceNotifications.WaitForResourceAsync(
            "custom",
            e =>
            {
                changes.Add(e.Snapshot);
                return e.Snapshot.State?.Text == KnownResourceStates.Running;
            },
            Cancelled);

        await app.StartAsync(Cancelled);
        await watching;

        Assert.Equal(
            [
                [(null, "https://example.com", "Example", false)],
                [("web", "http://localhost:5000", "", true), (null, "https://example.com", "Example", false)],
                [("web", "http://localhost:5000", "", false), (null, "https://example.com", "Example", false)],
            ],
            changes.Select(c => c.Urls.Select(u => (u.Name, u.Url, u.DisplayProperties.DisplayName, u.IsInactive))));
    }

    [Theory]
    [InlineData("shop.localhost", "http://shop.localhost:", "http://localhost:")]
    [InlineData("0.0.0.0", "http://localhost:")]
    [InlineData("*", "http://localhost:")]
    [InlineData("127.0.0.1", "http://127.0.0.1:")]
    public async Task Start_HostThatAProgramListensOn_IsReachedByWhatEveryProgramKnows(string host, params string[] urls)
    {
        var builder = Model.Create();
        var program = builder.AddExecutable("program", "/bin/sh", ".", "-c", "sleep 60").WithHttpEndpoint().WithEndpoint("http", e => e.TargetHost = host);
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        Assert.Equal(urls.Select(u => u + program.GetEndpoint("http").Port), program.Resource.Annotations.OfType<ResourceUrlAnnotation>().Select(u => u.Url));
        Assert.StartsWith(urls[^1], program.GetEndpoint("http").Url, StringComparison.Ordinal);
    }
}
