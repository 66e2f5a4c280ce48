using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Publishing;

public sealed class ParameterManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, """{ "type": "string" }""")]
    [InlineData(true, """{ "type": "string", "secret": true }""")]
    public async Task Parameter_ByItself_IsAnInput(bool secret, string input)
    {
        var parameter = Manifests.Publishing(_folder.Path).AddParameter("p", secret);

        Manifests.AssertJson(
            $$"""{ "type": "parameter.v0", "value": "{p.inputs.value}", "inputs": { "value": {{input}} } }""",
            await Manifests.OfAsync(parameter.Resource, _folder.Path));
    }

    [Theory]
    [InlineData(true, """{ "type": "string", "default": { "value": "v" } }""")]
    [InlineData(false, """{ "type": "string" }""")]
    public async Task Parameter_WithAValue_PublishesItOnlyWhenTold(bool publishValueAsDefault, string input)
    {
        var parameter = Manifests.Publishing(_folder.Path).AddParameter("p", "v", publishValueAsDefault);

        Manifests.AssertJson(input, (await Manifests.OfAsync(parameter.Resource, _folder.Path))["inputs"]!["value"]);
    }

    [Fact]
    public async Task Parameter_ThatIsGenerated_PublishesTheRuleAndNotAValue()
    {
        var parameter = Manifests.Publishing(_folder.Path).AddParameter(
            "p",
            new GenerateParameterDefault { MinLength = 16, Lower = false, Upper = false, MinNumeric = 3, MinSpecial = 4 },
            secret: true,
            persist: true);

        Manifests.AssertJson(
            """
            { "generate": { "minLength": 16, "lower": false, "upper": false, "minNumeric": 3, "minSpecial": 4 } }
            """,
            (await Manifests.OfAsync(parameter.Resource, _folder.Path))["inputs"]!["value"]!["default"]);
    }

    [Fact]
    public async Task ConnectionString_AsAParameter_NamesItself()
    {
        var parameter = new ParameterResource("db", _ => string.Empty, secret: true) { IsConnectionString = true };

        Manifests.AssertJson(
            """
            {
              "type": "parameter.v0",
              "connectionString": "{db.value}",
              "value": "{db.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true } }
            }
            """,
            await Manifests.OfAsync(parameter, _folder.Path));
    }

    [Fact]
    public async Task Expression_WithAnEncodedParameter_GetsAnEntryThatEncodes()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var key = builder.AddParameter("key", secret: true);
        builder.AddParameter("key-uri-encoded");
        builder.AddContainer("c", "image")
            .WithEnvironment("URL", $"https://x/?key={key:uri}&raw={key}")
            .WithEnvironment("AGAIN", $"{key:uri}");

        var resources = await Manifests.OfAsync(builder, _folder.Path);

        Assert.Equal("https://x/?key={key-uri-encoded-1.value}&raw={key.value}", (string?)resources["c"]!["env"]!["URL"]);
        Assert.Equal("{key-uri-encoded-1.value}", (string?)resources["c"]!["env"]!["AGAIN"]);
        Manifests.AssertJson("""{ "type": "annotated.string", "value": "{key.value}", "filter": "uri" }""", resources["key-uri-encoded-1"]);
        Assert.Empty(ManifestReferences.Unresolved(resources));
    }

    [Fact]
    public async Task Expression_WithAConditional_GetsAnEntryWithTheBranchThatApplies()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var secure = builder.AddContainer("secure", "image").WithHttpsEndpoint(targetPort: 443).GetEndpoint("https");
        builder.AddContainer("c", "image").WithEnvironment(
            "URL", $"x{secure.GetTlsValue(ReferenceExpression.Create($",ssl=true"), ReferenceExpression.Empty)}");

        var resources = await Manifests.OfAsync(builder, _folder.Path);

        var name = ((string)resources["c"]!["env"]!["URL"]!)["x{".Length..^".connectionString}".Length];
        Assert.StartsWith("cond-secure-bindings-https-tlsenabled-", name, StringComparison.Ordinal);
        Manifests.AssertJson("""{ "type": "value.v0", "connectionString": ",ssl=true" }""", resources[name]);
    }

    [Fact]
    public async Task Parameter_ThatIsOnlyReferredTo_IsWrittenToo()
    {
        var builder = Manifests.Publishing(_folder.Path);
        var hidden = new ParameterResource("hidden", _ => string.Empty);
        builder.AddContainer("c", "image").WithEnvironment(context => context.EnvironmentVariables["X"] = hidden);

        var resources = await Manifests.OfAsync(builder, _folder.Path);

        Assert.Equal("{hidden.value}", (string?)resources["c"]!["env"]!["X"]);
        Assert.Equal("parameter.v0", (string?)resources["hidden"]!["type"]);
    }
}
