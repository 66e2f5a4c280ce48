using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class ParameterTests
{
    [Fact]
    public async Task AddParameter_Configured_HasTheConfiguredValue()
    {
        var builder = Model.Create();
        builder.Configuration["Parameters:greeting"] = "hello";

        var parameter = builder.AddParameter("greeting", secret: true);

        Assert.Equal("hello", await Value(parameter));
        Assert.True(parameter.Resource.Secret);
        Assert.Equal("{greeting.value}", parameter.Resource.ValueExpression);
        var initial = Assert.Single(parameter.Resource.Annotations.OfType<ResourceSnapshotAnnotation>()).InitialSnapshot;
        Assert.Equal("Parameters:greeting", Assert.Single(initial.Properties, p => p.Name == CustomResourceKnownProperties.Source).Value);
    }

    [Fact]
    public async Task AddParameter_NotConfigured_SaysWhichKey()
    {
        var parameter = Model.Create().AddParameter("greeting");

        var exception = await Assert.ThrowsAsync<MissingParameterValueException>(() => Value(parameter));

        Assert.Equal(
            "Parameter resource could not be used because configuration key 'Parameters:greeting' is missing and the Parameter has no default value.",
            exception.Message);
    }

    [Fact]
    public async Task AddParameter_DashInTheName_CanBeGivenByAnEnvironmentVariable()
    {
        var builder = Model.Create();
        builder.Configuration["Parameters:service_key"] = "from the environment";

        Assert.Equal("from the environment", await Value(builder.AddParameter("service-key")));
    }

    [Fact]
    public async Task AddParameter_ValueInCode_CountsWhateverConfigurationSays()
    {
        var builder = Model.Create();
        builder.Configuration["Parameters:a"] = "configured";
        builder.Configuration["Parameters:b"] = "configured";

        Assert.Equal("code", await Value(builder.AddParameter("a", "code")));
        Assert.Equal("code", await Value(builder.AddParameter("b", () => "code")));
    }

    [Fact]
    public void AddParameter_SecretPublishedAsDefault_IsRefused()
    {
        var builder = Model.Create();

        var exception = Assert.Throws<ArgumentException>(() => builder.AddParameter("a", "x", publishValueAsDefault: true, secret: true));

        Assert.Equal("A parameter cannot be both secret and published as a default value. (Parameter 'secret')", exception.Message);
    }

    [Fact]
    public async Task AddParameterFromConfiguration_OwnKey_IsReadThere()
    {
        var builder = Model.Create();
        builder.Configuration["Auth:Token"] = "t";

        Assert.Equal("t", await Value(builder.AddParameterFromConfiguration("token", "Auth:Token")));
    }

    [Fact]
    public async Task AddParameter_DefaultAndConfiguration_ConfigurationWins()
    {
        var builder = Model.Create();
        builder.Configuration["Parameters:a"] = "configured";

        Assert.Equal("configured", await Value(builder.AddParameter("a", new GenerateParameterDefault())));
        Assert.Equal(10, (await Value(builder.AddParameter("b", new GenerateParameterDefault { MinLength = 10 })))!.Length);
    }

    [Fact]
    public void GetDefaultValue_EachClass_HasItsMinimumAndNoOther()
    {
        var generated = new GenerateParameterDefault { MinLength = 30, Special = false, MinUpper = 3, MinNumeric = 4, MinLower = 5 };

        for (var i = 0; i < 50; i++)
        {
            var value = generated.GetDefaultValue();
            Assert.Equal(30, value.Length);
            Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
            Assert.True(value.Count(char.IsAsciiLetterUpper) >= 3, value);
            Assert.True(value.Count(char.IsAsciiDigit) >= 4, value);
            Assert.True(value.Count(char.IsAsciiLetterLower) >= 5, value);
        }
    }

    [Fact]
    public void GetDefaultValue_MinimaBeyondTheLength_AreKept() =>
        Assert.Equal(12, new GenerateParameterDefault { MinLength = 4, MinLower = 6, MinSpecial = 6 }.GetDefaultValue().Length);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void GetDefaultValue_MinimumOfAClassThatIsLeftOut_IsRefused(bool upper, int minSpecial)
    {
        var generated = new GenerateParameterDefault { Lower = false, Numeric = false, Upper = upper, Special = false, MinSpecial = minSpecial };

        Assert.Throws<InvalidOperationException>(generated.GetDefaultValue);
    }

    [Fact]
    public async Task AddPostgresAndRedis_NoPassword_GenerateThem()
    {
        var builder = Model.Create();

        var postgres = await builder.AddPostgres("postgres").Resource.PasswordParameter.GetValueAsync(TestContext.Current.CancellationToken);
        var redis = await builder.AddRedis("cache").Resource.PasswordParameter!.GetValueAsync(TestContext.Current.CancellationToken);

        Assert.Equal(22, postgres!.Length);
        Assert.Equal(22, redis!.Length);
        Assert.All(redis, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.Contains(builder.Resources, r => r.Name == "postgres-password");
    }

    [Fact]
    public async Task AddParameter_Persisted_IsTheSameInTheNextRun()
    {
        using var folder = new StateFolder();
        var first = await Value(folder.CreateBuilder().AddParameter("password", new GenerateParameterDefault(), secret: true, persist: true));

        var second = await Value(folder.CreateBuilder().AddParameter("password", new GenerateParameterDefault(), secret: true, persist: true));

        Assert.Equal(first, second);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Secrets));
        }
    }

    [Fact]
    public async Task GetOrAdd_FileEditedByHand_KeepsWhatIsThere()
    {
        using var folder = new StateFolder();
        await File.WriteAllTextAsync(
            folder.Secrets, """{ "Parameters:password": "by hand", "Parameters:other": 5 }""", TestContext.Current.CancellationToken);
        var store = new SecretStore(folder.Secrets);

        Assert.Equal("by hand", store.GetOrAdd("Parameters:password", () => "new"));
        Assert.Equal("new", store.GetOrAdd("Parameters:empty", () => "new"));
        Assert.Equal("by hand", new SecretStore(folder.Secrets).GetOrAdd("Parameters:password", () => "newer"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"key\": 5}")]
    [InlineData("{\"key\": \"a\", \"key\": \"b\"}")]
    public async Task GetOrAdd_BrokenFile_SaysWhichFileAndLeavesItAlone(string contents)
    {
        using var folder = new StateFolder();
        await File.WriteAllTextAsync(folder.Secrets, contents, TestContext.Current.CancellationToken);

        var exception = Assert.Throws<DistributedApplicationException>(() => new SecretStore(folder.Secrets).GetOrAdd("key", () => "new"));

        Assert.StartsWith(folder.Secrets, exception.Message, StringComparison.Ordinal);
        Assert.Equal(contents, await File.ReadAllTextAsync(folder.Secrets, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void WithDescription_Text_IsKept()
    {
        var parameter = Model.Create().AddParameter("a").WithDescription("**What** it is for", enableMarkdown: true).Resource;

        Assert.Equal("**What** it is for", parameter.Description);
        Assert.True(parameter.EnableDescriptionMarkdown);
    }

    private static Task<string?> Value(IResourceBuilder<ParameterResource> parameter) =>
        parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken).AsTask();

    private sealed class StateFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("highavail-test-").FullName;

        public string Secrets => Path.Combine(_path, "secrets.json");

        public IDistributedApplicationBuilder CreateBuilder() => DistributedApplication.CreateBuilder([$"--HighAvail:StateDirectory={_path}"]);

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
