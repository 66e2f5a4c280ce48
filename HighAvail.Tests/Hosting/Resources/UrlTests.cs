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
}
