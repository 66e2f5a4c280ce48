using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources;

public class ReferenceEnvironmentTests
{
    [Theory]
    [InlineData(ReferenceEnvironmentInjectionFlags.None)]
    [InlineData(ReferenceEnvironmentInjectionFlags.ConnectionString, "ConnectionStrings__db")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ConnectionProperties, "DB_HOST")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ServiceDiscovery, "services__server__http__0", "services__nuget__https__0")]
    [InlineData(ReferenceEnvironmentInjectionFlags.Endpoints, "SERVER_HTTP", "NUGET")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ServiceDiscovery | ReferenceEnvironmentInjectionFlags.ConnectionString, "services__server__http__0", "ConnectionStrings__db", "services__nuget__https__0")]
    public async Task WithReferenceEnvironment_OneKind_LeavesTheOthersOut(ReferenceEnvironmentInjectionFlags flags, params string[] expected)
    {
        var builder = Model.Create();
        var server = builder.AddProject<TestProject>("server").WithHttpEndpoint().Allocated("http", 5000);
        var client = builder.AddExecutable("client", "true", ".")
            .WithReference(server)
            .WithReferenceEnvironment(flags)
            .WithReference(Database(builder))
            .WithReference(builder.AddExternalService("nuget", "https://nuget.org/"));

        Assert.Equal(expected.Order(), (await client.EnvironmentAsync()).Keys.Order());
    }

    [Fact]
    public async Task WithConnectionProperty_NewOrKnownPart_IsGivenToWhoeverRefers()
    {
        var builder = Model.Create();
        var database = Database(builder).WithConnectionProperty("Host", "other").WithConnectionProperty("Size", ReferenceExpression.Create($"large"));
        var client = builder.AddExecutable("client", "true", ".").WithReference(database);

        var environment = await client.EnvironmentAsync();

        Assert.Equal(("other", "large"), (environment["DB_HOST"], environment["DB_SIZE"]));
    }

    private static IResourceBuilder<CustomResource> Database(IDistributedApplicationBuilder builder) => builder.AddResource(
        new CustomResource("db") { ConnectionString = "Host=h", Properties = [new("Host", ReferenceExpression.Create($"h"))] });
}
