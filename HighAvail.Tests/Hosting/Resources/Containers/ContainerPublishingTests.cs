using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.Publishing;

namespace HighAvail.Tests.Hosting.Resources.Containers;

public sealed class ContainerPublishingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PublishAsConnectionString_OfAServer_AsksWhoeverDeploys()
    {
        var cache = Model.Create().AddRedis("cache").PublishAsConnectionString();

        Manifests.AssertJson(
            """
            {
              "type": "parameter.v0",
              "connectionString": "{cache.value}",
              "value": "{cache.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true } }
            }
            """,
            await Manifests.OfAsync(cache.Resource, _folder.Path));
    }

    [Fact]
    public async Task PublishAsContainer_AfterAll_IsAContainerAgain()
    {
        var cache = Model.Create().AddRedis("cache").PublishAsConnectionString().PublishAsContainer();

        Assert.Equal("container.v0", (string?)(await Manifests.OfAsync(cache.Resource, _folder.Path))["type"]);
    }

    [Fact]
    public void ContainerRegistryOverride_OfTheOptions_IsTheRegistryOfAllImages()
    {
        var builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions { ContainerRegistryOverride = "registry.example.com", ProjectDirectory = _folder.Path });
        var container = builder.AddContainer("container", "image");
        var cache = builder.AddRedis("cache");
        using var app = builder.Build();

        Assert.True(container.Resource.TryGetContainerImageName(out var image));
        Assert.Equal("registry.example.com/image:latest", image);
        Assert.True(cache.Resource.TryGetContainerImageName(out image));
        Assert.StartsWith("registry.example.com/library/redis:", image, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WithDataBindMount_OfServers_MountsAFolderOfTheAppHost(bool isReadOnly)
    {
        var builder = Model.Create();
        var cache = builder.AddRedis("cache").WithDataBindMount("data", isReadOnly);
        var postgres = builder.AddPostgres("postgres").WithDataBindMount("data", isReadOnly);
        var source = Path.Combine(builder.AppHostDirectory, "data");

        Assert.Equal((source, "/data", ContainerMountType.BindMount, isReadOnly), Mount(cache.Resource));
        Assert.Equal((source, "/var/lib/postgresql", ContainerMountType.BindMount, isReadOnly), Mount(postgres.Resource));
        Assert.Equal(!isReadOnly, (await cache.Resource.GetArgumentValuesAsync()).Contains("--save"));
    }

    [Fact]
    public void WithLifetime_Twice_IsTheLast()
    {
        var cache = Model.Create().AddRedis("cache").WithLifetime(ContainerLifetime.Persistent).WithLifetime(ContainerLifetime.Session);

        Assert.Equal(ContainerLifetime.Session, Assert.Single(cache.Resource.Annotations.OfType<ContainerLifetimeAnnotation>()).Lifetime);
    }

    [Fact]
    public async Task WithPasswordAndUserName_AfterAll_AreInConnectionStringAndContainer()
    {
        var builder = Model.Create();
        var (user, password) = (builder.AddParameter("user", "me"), builder.AddParameter("password", "p"));
        var postgres = builder.AddPostgres("postgres").WithUserName(user).WithPassword(password).Allocated("tcp", 5432);
        var cache = builder.AddRedis("cache").WithPassword(password).Allocated("tcp", 6379);
        var open = builder.AddRedis("open").WithPassword(null).Allocated("tcp", 6380);

        Assert.Equal("Host=localhost;Port=5432;Username=me;Password=p", await postgres.Resource.GetConnectionStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("localhost:6379,password=p", await cache.Resource.GetConnectionStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("localhost:6380", await open.Resource.GetConnectionStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("me", "p"), ((await postgres.EnvironmentAsync())["POSTGRES_USER"], (await postgres.EnvironmentAsync())["POSTGRES_PASSWORD"]));
        Assert.DoesNotContain("--requirepass", await open.Resource.GetArgumentValuesAsync());
    }

    private static (string?, string, ContainerMountType, bool) Mount(IResource resource)
    {
        var mount = Assert.Single(resource.Annotations.OfType<ContainerMountAnnotation>());
        return (mount.Source, mount.Target, mount.Type, mount.IsReadOnly);
    }
}
