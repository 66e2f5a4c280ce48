using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources;

public class ReferenceTests
{
    [Fact]
    public async Task WithReference_Service_InjectsEveryEndpointByNameAndByScheme()
    {
        var builder = Model.Create();
        var api = builder.AddProject<TestProject>("orders-api")
            .WithHttpEndpoint(port: 5000).Allocated("http", 5000)
            .WithHttpsEndpoint(port: 7000, name: "admin").Allocated("admin", 7000);

        var environment = await builder.AddExecutable("client", "true", ".").WithReference(api).EnvironmentAsync();

        Assert.Equal("http://localhost:5000", environment["services__orders-api__http__0"]);
        Assert.Equal("https://localhost:7000", environment["services__orders-api__admin__0"]);
        Assert.Equal("http://localhost:5000", environment["ORDERS_API_HTTP"]);
        Assert.Equal("https://localhost:7000", environment["ORDERS_API_ADMIN"]);
        Assert.Equal(4, environment.Count);
    }

    [Fact]
    public async Task WithReference_OneEndpoint_InjectsThatAlone()
    {
        var builder = Model.Create();
        var api = builder.AddProject<TestProject>("api")
            .WithHttpEndpoint().Allocated("http", 5000)
            .WithHttpEndpoint(name: "admin").Allocated("admin", 7000);
        var client = builder.AddExecutable("client", "true", ".").WithReference(api.GetEndpoint("ADMIN"));

        Assert.Equal(["API_ADMIN", "services__api__admin__0"], (await client.EnvironmentAsync()).Keys.Order(StringComparer.Ordinal));
        Assert.Same(api.Resource, Assert.Single(client.Resource.Annotations.OfType<ResourceRelationshipAnnotation>()).Resource);
    }

    [Fact]
    public async Task WithReference_OtherName_KeepsItsCase()
    {
        var builder = Model.Create();
        var api = builder.AddProject<TestProject>("api").WithHttpEndpoint().Allocated("http", 5000);

        var environment = await builder.AddExecutable("client", "true", ".").WithReference(api, "my-Api").EnvironmentAsync();

        Assert.Equal(["my_Api_HTTP", "services__my-Api__http__0"], environment.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WithReference_ExcludedEndpoint_IsInjectedOnlyWhenNamed()
    {
        var builder = Model.Create();
        var api = builder.AddProject<TestProject>("api")
            .WithHttpEndpoint(name: "admin").Allocated("admin", 7000).WithEndpoint("admin", e => e.ExcludeReferenceEndpoint = true);
        var client = builder.AddExecutable("client", "true", ".").WithReference(api);

        Assert.Empty(await client.EnvironmentAsync());
        client.WithReference(api.GetEndpoint("admin"));
        Assert.Contains("API_ADMIN", await client.EnvironmentAsync());
    }

    [Theory]
    [InlineData("https://petstore.swagger.io/")]
    [InlineData("https://petstore.swagger.io/v2")]
    public async Task WithReference_ExternalUri_IsInjectedUnderItsName(string uri)
    {
        var environment = await Model.Create().AddExecutable("client", "true", ".").WithReference("pet-store", new Uri(uri)).EnvironmentAsync();

        Assert.Equal(uri, environment["services__pet-store__default__0"]);
        Assert.Equal(uri, environment["pet_store"]);
    }

    [Fact]
    public void WithReference_RelativeUri_IsRefused() => Assert.Throws<InvalidOperationException>(
        () => Model.Create().AddExecutable("client", "true", ".").WithReference("petstore", new Uri("v2", UriKind.Relative)));

    [Fact]
    public async Task WithReference_ConnectionString_InjectsItAndItsParts()
    {
        var builder = Model.Create();
        var resource = builder.AddResource(new CustomResource("db")
        {
            ConnectionString = "Host=h",
            Properties = [new("Host", ReferenceExpression.Create($"h"))],
        });

        var environment = await builder.AddExecutable("client", "true", ".").WithReference(resource, connectionName: "1st-db").EnvironmentAsync();

        Assert.Equal("Host=h", environment["ConnectionStrings__1st-db"]);
        Assert.Equal("h", environment["_1ST_DB_HOST"]);
        Assert.Equal(2, environment.Count);
    }

    [Fact]
    public async Task WithReference_ConnectionStringNotThere_IsRefusedUnlessOptional()
    {
        var builder = Model.Create();
        var resource = builder.AddResource(new CustomResource("resource"));
        var required = builder.AddExecutable("required", "true", ".").WithReference(resource);
        var optional = builder.AddExecutable("optional", "true", ".").WithReference(resource, optional: true);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(required.EnvironmentAsync);

        Assert.Equal("The connection string for the resource 'resource' is not available.", exception.Message);
        Assert.Empty(await optional.EnvironmentAsync());
    }

    [Fact]
    public async Task AddConnectionString_FromConfiguration_IsInjectedUnderItsVariable()
    {
        var builder = Model.Create();
        builder.Configuration["ConnectionStrings:legacy"] = "Server=old";

        var plain = builder.AddExecutable("plain", "true", ".").WithReference(builder.AddConnectionString("legacy"));
        var missing = builder.AddExecutable("missing", "true", ".").WithReference(builder.AddConnectionString("gone", "MY_ENV"));

        Assert.Equal("Server=old", (await plain.EnvironmentAsync())["ConnectionStrings__legacy"]);
        var exception = await Assert.ThrowsAsync<MissingParameterValueException>(missing.EnvironmentAsync);
        Assert.Equal("Connection string parameter resource could not be used because connection string 'gone' is missing.", exception.Message);
        var published = await missing.Resource.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish);
        Assert.Equal("{gone.connectionString}", published["MY_ENV"]);
    }

    [Fact]
    public async Task AddConnectionString_Expression_WaitsForItsPartsAndPassesThemOn()
    {
        var builder = Model.Create();
        var endpoint = builder.AddParameter("endpoint", "http://localhost:3452");
        var key = builder.AddParameter("key", "a b", secret: true);

        var connection = builder.AddConnectionString("cs", e => e.Append($"Endpoint={endpoint};Key={key:uri}"));
        var client = builder.AddExecutable("client", "true", ".").WithReference(connection);

        Assert.Equal("Endpoint=http://localhost:3452;Key=a%20b", (await client.EnvironmentAsync())["ConnectionStrings__cs"]);
        Assert.Equal(
            [("WaitFor", "endpoint"), ("WaitFor", "key"), ("Reference", "endpoint"), ("Reference", "key")],
            connection.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => (r.Type, r.Resource.Name)));
        Assert.Equal(
            ["cs", "endpoint", "key"], client.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => r.Resource.Name));
    }
}
