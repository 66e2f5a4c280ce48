using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Publishing;

public sealed class ContainerManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Container_WithEverything_IsWrittenInAspiresOrder()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var key = builder.AddParameter("key", secret: true);
        var container = builder.AddContainer("web", "grafana/grafana", "11.2")
            .WithImageRegistry("example.org")
            .WithEntrypoint("/run.sh")
            .WithHttpEndpoint(port: 3000, targetPort: 80)
            .WithArgs("--verbose")
            .WithEnvironment("KEY", key)
            .WithBindMount("conf/app.ini", "/etc/app.ini", isReadOnly: true)
            .WithVolume("data", "/data")
            .WithVolume("/scratch");

        Manifests.AssertJson(
            """
            {
              "type": "container.v0",
              "image": "example.org/grafana/grafana:11.2",
              "entrypoint": "/run.sh",
              "args": [ "--verbose" ],
              "bindMounts": [ { "source": "conf/app.ini", "target": "/etc/app.ini", "readOnly": true } ],
              "volumes": [ { "name": "data", "target": "/data", "readOnly": false }, { "target": "/scratch", "readOnly": false } ],
              "env": { "KEY": "{key.value}" },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 3000, "targetPort": 80 } }
            }
            """,
            await Manifests.OfAsync(container.Resource, _folder.Path));
    }

    [Fact]
    public async Task Container_WithBindMounts_NamesThemFromTheManifestsFolder()
    {
        var container = Manifests.Publishing("/projects/apphost").AddContainer("c", "image")
            .WithBindMount("./some/source", "/bound")
            .WithBindMount(".\\some\\other\\source", "\\mount\\here");

        Manifests.AssertJson(
            """
            [
              { "source": "../apphost/some/source", "target": "/bound", "readOnly": false },
              { "source": "../apphost/some/other/source", "target": "/mount/here", "readOnly": false }
            ]
            """,
            (await Manifests.OfAsync(container.Resource, "/projects/out"))["bindMounts"]);
    }

    [Fact]
    public async Task Container_WithPortOnly_ListensOnThatPort()
    {
        var container = Manifests.Publishing(_folder.Path).AddContainer("otlp", "image").WithHttpEndpoint(port: 1004);

        Manifests.AssertJson(
            """{ "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 1004 } }""",
            (await Manifests.OfAsync(container.Resource, _folder.Path))["bindings"]);
    }

    [Fact]
    public async Task Containers_WithoutPorts_CountThroughTheWholeManifest()
    {
        var builder = Manifests.Publishing(_folder.Path);
        builder.AddContainer("a", "image").WithEndpoint(name: "custom");
        builder.AddContainer("b", "image").WithEndpoint(targetPort: 8001);
        builder.AddContainer("c", "image").WithEndpoint(name: "custom");

        var resources = await Manifests.OfAsync(builder, _folder.Path);

        Assert.Equal(8000, (int?)resources["a"]!["bindings"]!["custom"]!["targetPort"]);
        Assert.Equal(8001, (int?)resources["b"]!["bindings"]!["tcp"]!["targetPort"]);
        Assert.Equal(8002, (int?)resources["c"]!["bindings"]!["custom"]!["targetPort"]);
    }

    [Fact]
    public async Task Container_WithValuesOfOthers_NamesThemByExpressions()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var first = builder.AddContainer("first", "image").WithHttpEndpoint(targetPort: 80, name: "ep");
        var cache = builder.AddRedis("cache");
        var second = builder.AddContainer("second", "image")
            .WithReference(first.GetEndpoint("ep"))
            .WithReference("search", new Uri("https://search.example.org"))
            .WithEnvironment("ADDRESS", $"{first.GetEndpoint("ep").Property(EndpointProperty.HostAndPort)}/x")
            .WithEnvironment("NUMBER", () => "1")
            .WithArgs(first.GetEndpoint("ep"), cache, "plain");

        var manifest = await Manifests.OfAsync(second.Resource, _folder.Path);

        Manifests.AssertJson("""[ "{first.bindings.ep.url}", "{cache.connectionString}", "plain" ]""", manifest["args"]);
        Manifests.AssertJson(
            """
            {
              "FIRST_EP": "{first.bindings.ep.url}",
              "services__first__ep__0": "{first.bindings.ep.url}",
              "services__search__default__0": "https://search.example.org/",
              "search": "https://search.example.org/",
              "ADDRESS": "{first.bindings.ep.host}:{first.bindings.ep.port}/x",
              "NUMBER": "1"
            }
            """,
            manifest["env"]);
    }

    [Fact]
    public async Task Executable_IsWrittenRelativeToTheManifest()
    {
        var program = Manifests.Publishing(_folder.Path).AddExecutable("tool", "node", "tools/x", "app.js").WithHttpEndpoint(env: "PORT");

        Manifests.AssertJson(
            """
            {
              "type": "executable.v0",
              "workingDirectory": "../tools/x",
              "command": "node",
              "args": [ "app.js" ],
              "env": { "PORT": "{tool.bindings.http.targetPort}" },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000 } }
            }
            """,
            await Manifests.OfAsync(program.Resource, _folder.File("out")));
    }

    [Fact]
    public async Task Postgres_WithEverything_IsAContainer()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var user = builder.AddParameter("user");
        var password = builder.AddParameter("pass", secret: true);
        var server = builder.AddPostgres("pg", user, password, port: 5433).WithDataVolume("kept", isReadOnly: true);
        var database = server.AddDatabase("db", "Orders");

        Manifests.AssertJson(
            """
            {
              "type": "container.v0",
              "connectionString": "Host={pg.bindings.tcp.host};Port={pg.bindings.tcp.port};Username={user.value};Password={pass.value}",
              "image": "docker.io/library/postgres:18.3",
              "volumes": [ { "name": "kept", "target": "/var/lib/postgresql", "readOnly": true } ],
              "env": {
                "POSTGRES_HOST_AUTH_METHOD": "scram-sha-256",
                "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
                "POSTGRES_USER": "{user.value}",
                "POSTGRES_PASSWORD": "{pass.value}"
              },
              "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "port": 5433, "targetPort": 5432 } }
            }
            """,
            await Manifests.OfAsync(server.Resource, _folder.Path));
        Manifests.AssertJson(
            """{ "type": "value.v0", "connectionString": "{pg.connectionString};Database=Orders" }""",
            await Manifests.OfAsync(database.Resource, _folder.Path));
    }

    [Theory]
    [InlineData("18.3", "/var/lib/postgresql")]
    [InlineData("18-alpine", "/var/lib/postgresql")]
    [InlineData("17.6", "/var/lib/postgresql/data")]
    [InlineData("latest", "/var/lib/postgresql/data")]
    public void Postgres_WithDataVolume_MountsWhereTheVersionKeepsItsData(string tag, string target)
    {
        var server = Manifests.Publishing(_folder.Path).AddPostgres("pg").WithImageTag(tag).WithDataVolume();

        Assert.Equal(target, Assert.Single(server.Resource.Annotations.OfType<ContainerMountAnnotation>()).Target);
    }

    [Theory]
    [InlineData(false, "redis-server --requirepass $REDIS_PASSWORD --save 60 1")]
    [InlineData(true, "redis-server --requirepass $REDIS_PASSWORD")]
    public async Task Redis_WithDataVolume_WritesSnapshotsUnlessReadOnly(bool isReadOnly, string command)
    {
        var server = Manifests.Publishing(_folder.Path).AddRedis("cache").WithDataVolume("kept", isReadOnly);

        var manifest = await Manifests.OfAsync(server.Resource, _folder.Path);

        Assert.Equal(command, (string?)manifest["args"]![1]);
        Assert.Equal("/data", (string?)manifest["volumes"]![0]!["target"]);
    }

    [Fact]
    public async Task Redis_WithPersistence_TakesTheLastWord()
    {
        var server = Manifests.Publishing(_folder.Path).AddRedis("cache").WithDataVolume("kept").WithPersistence(TimeSpan.FromSeconds(10), 5);

        Assert.Equal(
            "redis-server --requirepass $REDIS_PASSWORD --save 10 5", (string?)(await Manifests.OfAsync(server.Resource, _folder.Path))["args"]![1]);
    }

    [Fact]
    public async Task Resource_ExcludedFromManifest_IsNotThere()
    {
        var builder = Manifests.Publishing(_folder.Path);
        builder.AddContainer("seen", "image");
        builder.AddContainer("unseen", "image").ExcludeFromManifest();

        var resources = await Manifests.OfAsync(builder, _folder.Path);

        Assert.Equal("seen", Assert.Single(resources).Key);
    }

    [Fact]
    public async Task Resource_WithItsOwnCallback_IsWrittenByThat()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var container = builder.AddContainer("own", "image").WithManifestPublishingCallback(context => context.Writer.WriteString("type", "own.v0"));

        Manifests.AssertJson("""{ "type": "own.v0" }""", await Manifests.OfAsync(container.Resource, _folder.Path));
    }

    [Fact]
    public async Task Resource_ThatNothingIsKnownOf_SaysSo()
    {
        var unknown = new Unknown("unknown");

        Manifests.AssertJson(
            """{ "error": "This resource does not support generation in the manifest." }""", await Manifests.OfAsync(unknown, _folder.Path));
    }

    private sealed class Unknown(string name) : Resource(name);
}
