using System.Net.Sockets;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class NetworkTests
{
    private static readonly NetworkIdentifier _containers = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;

    [Fact]
    public async Task Endpoint_AddressInTheNetworkOfContainers_IsWhatContainersGet()
    {
        var builder = Model.Create();
        var server = Server(builder, "server.containers");
        var container = builder.AddContainer("container", "image").WithEnvironment("URL", server.GetEndpoint("http"))
            .WithEnvironment("HERE", server.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork));
        var process = builder.AddExecutable("process", "true", ".").WithEnvironment("URL", server.GetEndpoint("http"))
            .WithEnvironment("THERE", server.GetEndpoint("http", _containers));

        var (inside, outside) = (await container.EnvironmentAsync(), await process.EnvironmentAsync());

        Assert.Equal(("http://server.containers:80", "http://localhost:5000"), (inside["URL"], inside["HERE"]));
        Assert.Equal(("http://localhost:5000", "http://server.containers:80"), (outside["URL"], outside["THERE"]));
        Assert.Equal("server.containers", server.GetEndpoint("http", _containers).Host);
    }

    [Fact]
    public async Task Endpoint_NoAddressInTheNetwork_IsReachedOnThisMachine()
    {
        var builder = Model.Create();
        var container = builder.AddContainer("container", "image").WithEnvironment("URL", Server(builder, null).GetEndpoint("http"));

        Assert.Equal("http://localhost:5000", (await container.EnvironmentAsync())["URL"]);
    }

    [Fact]
    public async Task ConnectionString_SeenFromAContainer_NamesTheAddressesOfItsNetwork()
    {
        var builder = Model.Create();
        var database = builder.AddPostgres("postgres", password: builder.AddParameter("password", "p")).Allocated("tcp", 5000)
            .WithEndpoint("tcp", e => AddAddress(e, "postgres.containers", 5432)).AddDatabase("db");
        var container = builder.AddContainer("container", "image").WithReference(database);

        Assert.Equal(
            "Host=postgres.containers;Port=5432;Username=postgres;Password=p;Database=db",
            (await container.EnvironmentAsync())["ConnectionStrings__db"]);
    }

    [Fact]
    public void Allocation_OfAnotherNetwork_IsRefused()
    {
        var endpoint = new EndpointAnnotation(ProtocolType.Tcp, "http");
        var foreign = new AllocatedEndpoint(endpoint, "there", 80, EndpointBindingMode.SingleAddress, networkId: _containers);

        Assert.Throws<InvalidOperationException>(() => endpoint.AllocatedEndpoint = foreign);
        Assert.Throws<ArgumentException>(() => endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(KnownNetworkIdentifiers.LocalhostNetwork, foreign));
    }

    [Fact]
    public async Task Allocation_Again_IsTheOneThatCounts()
    {
        var server = Model.Create().AddExecutable("server", "true", ".").WithHttpEndpoint().Allocated("http", 5000).Allocated("http", 5001);

        Assert.Equal("http://localhost:5001", await server.GetEndpoint("http").GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Allocation_TakenBack_FailsWhoeverWaits()
    {
        var server = Model.Create().AddExecutable("server", "true", ".").WithHttpEndpoint();
        var endpoint = server.GetEndpoint("http");
        var waiting = endpoint.GetValueAsync(TestContext.Current.CancellationToken).AsTask();

        endpoint.EndpointAnnotation.AllocatedEndpoint = null;

        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        Assert.False(endpoint.IsAllocated);
    }

    [Fact]
    public async Task ValueSnapshot_ValuesAndExceptions_ReplaceEachOther()
    {
        var snapshot = new ValueSnapshot<string>();
        var waiting = snapshot.GetValueAsync(TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource();
        var impatient = snapshot.GetValueAsync(source.Token);
        Assert.False(snapshot.IsValueSet);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        snapshot.SetValue("first");
        Assert.Equal("first", await waiting);
        snapshot.SetException(new FormatException());
        await Assert.ThrowsAsync<FormatException>(() => snapshot.GetValueAsync(TestContext.Current.CancellationToken));
        snapshot.SetValue("second");

        Assert.Equal("second", await snapshot.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.True(snapshot.IsValueSet);
    }

    private static IResourceBuilder<ExecutableResource> Server(IDistributedApplicationBuilder builder, string? inContainers)
    {
        var server = builder.AddExecutable("server", "true", ".").WithHttpEndpoint().Allocated("http", 5000);
        return inContainers is null ? server : server.WithEndpoint("http", e => AddAddress(e, inContainers, 80));
    }

    private static void AddAddress(EndpointAnnotation endpoint, string host, int port) => endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(
        _containers, new(endpoint, host, port, EndpointBindingMode.SingleAddress, networkId: _containers));
}
