
namespace HighAvail.Tests.Hosting.Publishing;

public sealed class ProjectManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Project_WithAnHttpLaunchProfile_HasBothBindingsAndNoneOfItsPorts()
    {
        var project = Manifests.Publishing(_folder.Path).AddProject("api", Manifests.Project(_folder.Path, "Api", "http://localhost:5301"));

        Manifests.AssertJson(
            """
            {
              "type": "project.v0",
              "path": "../Api/Api.csproj",
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{api.bindings.http.targetPort}"
              },
              "bindings": {
                "http": { "scheme": "http", "protocol": "tcp", "transport": "http" },
                "https": { "scheme": "https", "protocol": "tcp", "transport": "http" }
              }
            }
            """,
            await Manifests.OfAsync(project.Resource, _folder.File("out")));
    }

    [Fact]
    public async Task Project_ThatDoesNotListen_HasNoBindings()
    {
        var worker = Manifests.Publishing(_folder.Path).AddProject("worker", Manifests.Project(_folder.Path, "Worker", applicationUrl: null));

        Manifests.AssertJson(
            """
            { "type": "project.v0", "path": "Worker/Worker.csproj", "env": { "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory" } }
            """,
            await Manifests.OfAsync(worker.Resource, _folder.Path));
    }

    [Fact]
    public async Task Project_WithItsOwnEndpoints_ListensOnAllOfThem()
    {
        var project = Manifests.Publishing(_folder.Path).AddProject("api", Manifests.Project(_folder.Path, "Api", applicationUrl: null))
            .WithHttpEndpoint(port: 5001, name: "hp")
            .WithHttpEndpoint(name: "hp2")
            .WithHttpsEndpoint(name: "hps")
            .WithHttpsEndpoint(name: "hps2")
            .WithEndpoint(scheme: "tcp", name: "tcp0");

        var manifest = await Manifests.OfAsync(project.Resource, _folder.Path);

        Assert.Equal("{api.bindings.hp.targetPort};{api.bindings.hp2.targetPort}", (string?)manifest["env"]!["HTTP_PORTS"]);
        Assert.Equal("{api.bindings.hps.targetPort};{api.bindings.hps2.targetPort}", (string?)manifest["env"]!["HTTPS_PORTS"]);
        Manifests.AssertJson(
            """
            {
              "hp": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 5001 },
              "hp2": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000 },
              "hps": { "scheme": "https", "protocol": "tcp", "transport": "http" },
              "hps2": { "scheme": "https", "protocol": "tcp", "transport": "http", "targetPort": 8001 },
              "tcp0": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 8002 }
            }
            """,
            manifest["bindings"]);
    }

    [Fact]
    public async Task Project_WhosePortsAreSetByHand_KeepsThem()
    {
        var project = Manifests.Publishing(_folder.Path).AddProject("api", Manifests.Project(_folder.Path, "Api", "http://localhost:5301"))
            .WithEnvironment("HTTP_PORTS", "8080")
            .WithArgs("serve");

        var manifest = await Manifests.OfAsync(project.Resource, _folder.Path);

        Assert.Equal("8080", (string?)manifest["env"]!["HTTP_PORTS"]);
        Manifests.AssertJson("""[ "serve" ]""", manifest["args"]);
    }

    [Fact]
    public async Task Project_WithoutForwardedHeadersAndAnEndpoint_IsNotToldOfThem()
    {
        var project = Manifests.Publishing(_folder.Path).AddProject("api", Manifests.Project(_folder.Path, "Api", "http://localhost:5301"))
            .WithHttpEndpoint(name: "own")
            .DisableForwardedHeaders()
            .WithEndpointsInEnvironment(e => e.Name != "own");

        Manifests.AssertJson(
            """{ "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory", "HTTP_PORTS": "{api.bindings.http.targetPort}" }""",
            (await Manifests.OfAsync(project.Resource, _folder.Path))["env"]);
    }

    [Fact]
    public async Task Project_WithExternalEndpoints_MarksThem()
    {
        var project = Manifests.Publishing(_folder.Path).AddProject("web", Manifests.Project(_folder.Path, "Web", "http://localhost:5301"))
            .WithExternalHttpEndpoints();

        Assert.All(
            (await Manifests.OfAsync(project.Resource, _folder.Path))["bindings"]!.AsObject(), b => Assert.True((bool?)b.Value!["external"]));
    }
}
