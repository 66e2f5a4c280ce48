using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources;

public class EnvironmentTests
{
    [Fact]
    public async Task WithEnvironment_EveryForm_GivesItsValue()
    {
        var builder = Model.Create();
        var parameter = builder.AddParameter("parameter", "p");
        var server = builder.AddExecutable("server", "true", ".").WithHttpEndpoint(targetPort: 80).Allocated("http", 5000);
        var resource = builder.AddResource(new CustomResource("db") { ConnectionString = "Host=h" });
        var count = 0;
        var client = builder.AddExecutable("client", "true", ".")
            .WithEnvironment("TEXT", "text")
            .WithEnvironment("NOTHING", (string?)null)
            .WithEnvironment("FUNCTION", () => $"{++count}")
            .WithEnvironment("ENDPOINT", server.GetEndpoint("http"))
            .WithEnvironment("PORT", server.GetEndpoint("http").Property(EndpointProperty.Port))
            .WithEnvironment("PARAMETER", parameter)
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"<{parameter}>"))
            .WithEnvironment("INTERPOLATED", $"{server.GetEndpoint("http")}/{parameter}")
            .WithEnvironment("CONNECTION", resource)
            .WithEnvironment(context => context.EnvironmentVariables["CALLBACK"] = context.Resource.Name)
            .WithEnvironment(async context =>
            {
                await Task.Yield();
                context.EnvironmentVariables["ASYNC"] = context.EnvironmentVariables["TEXT"];
            });

        var environment = await client.EnvironmentAsync();

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["TEXT"] = "text",
                ["NOTHING"] = string.Empty,
                ["FUNCTION"] = "1",
                ["ENDPOINT"] = "http://localhost:5000",
                ["PORT"] = "5000",
                ["PARAMETER"] = "p",
                ["EXPRESSION"] = "<p>",
                ["INTERPOLATED"] = "http://localhost:5000/p",
                ["CONNECTION"] = "Host=h",
                ["CALLBACK"] = "client",
                ["ASYNC"] = "text",
            },
            environment);
        Assert.Equal(["server", "parameter", "db"], client.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => r.Resource.Name).Distinct());
    }

    [Fact]
    public async Task WithEnvironment_SameVariableTwice_TheLastCounts()
    {
        var client = Model.Create().AddExecutable("client", "true", ".").WithEnvironment("A", "1").WithEnvironment("A", "2");

        Assert.Equal("2", (await client.EnvironmentAsync())["A"]);
    }

    [Fact]
    public async Task WithEnvironment_ValueOfAnotherKind_SaysWhatIsAllowed()
    {
        var client = Model.Create().AddExecutable("client", "true", ".").WithEnvironment(c => c.EnvironmentVariables["A"] = new object());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(client.EnvironmentAsync);

        Assert.Contains("System.Object", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resource_ContextWithoutOne_SaysSo() =>
        Assert.Throws<InvalidOperationException>(() => new EnvironmentCallbackContext(new(DistributedApplicationOperation.Run)).Resource);

    [Fact]
    public async Task WithArgs_EveryForm_KeepsTheOrder()
    {
        var builder = Model.Create();
        var parameter = builder.AddParameter("parameter", "p");
        var server = builder.AddExecutable("server", "true", ".").WithHttpEndpoint().Allocated("http", 5000);
        var client = builder.AddExecutable("client", "true", ".", "--first")
            .WithArgs("a", "b")
            .WithArgs(parameter, server.GetEndpoint("http"), 5)
            .WithArgs(context => context.Args.Insert(0, "zero"));

        Assert.Equal(
            ["zero", "--first", "a", "b", "p", "http://localhost:5000", "5"], await client.Resource.GetArgumentValuesAsync());
    }

    [Fact]
    public async Task GetEnvironmentVariableValues_Publish_GivesExpressions()
    {
        var builder = Model.Create();
        var parameter = builder.AddParameter("parameter");
        var client = builder.AddExecutable("client", "true", ".").WithEnvironment("P", $"<{parameter}>");

        Assert.Equal("<{parameter.value}>", (await client.Resource.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish))["P"]);
    }

    [Fact]
    public async Task AddExecutable_ArgumentsThatAreValues_AreResolved()
    {
        var builder = Model.Create();
        var server = builder.AddExecutable("server", "true", ".").WithHttpEndpoint().Allocated("http", 5000);

        var program = builder.AddExecutable("program", "true", ".", "--of", server.GetEndpoint("http"));

        Assert.Equal(["--of", "http://localhost:5000"], await program.Resource.GetArgumentValuesAsync());
    }
}
