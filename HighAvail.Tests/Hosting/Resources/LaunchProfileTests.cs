using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Resources;

public class LaunchProfileTests
{
    [Fact]
    public async Task AddProject_LaunchProfile_GivesEndpointsAndEnvironment()
    {
        var project = Allocated(Model.Create().AddProject<TwoProfiles>("project", "https"));

        var environment = await project.EnvironmentAsync();

        Assert.Equal([("https", 7302), ("http", 5302), ("http2", 5303)], project.Resource.GetEndpoints().Select(e => (e.EndpointName, e.EndpointAnnotation.Port!.Value)));
        Assert.Equal("7302", environment["ASPNETCORE_HTTPS_PORT"]);
        Assert.Equal("https://localhost:7302;http://localhost:5302;http://*:5303", environment["ASPNETCORE_URLS"]);
        Assert.Equal("https", environment["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("Development", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal(["--verbose"], await project.Resource.GetArgumentValuesAsync());
    }

    [Fact]
    public void AddProject_NoProfileNamed_TakesThatOfTheAppHostOrTheFirstOfAProject()
    {
        var first = Model.Create().AddProject<TwoProfiles>("project");
        var ofAppHost = Model.Create("--AppHost:DefaultLaunchProfileName=https").AddProject<TwoProfiles>("project");

        Assert.Equal(["http"], first.Resource.GetEndpoints().Select(e => e.EndpointName));
        Assert.Contains(ofAppHost.Resource.GetEndpoints(), e => e.IsHttps);
    }

    [Fact]
    public async Task AddProject_UrlForEveryAddress_IsWhatTheProjectIsTold()
    {
        var project = Model.Create().AddProject<EveryAddress>("project").Allocated("http", 5302).Allocated("https", 7302);

        Assert.Equal("http://*:5302;https://+:7302", (await project.EnvironmentAsync())["ASPNETCORE_URLS"]);
        Assert.Equal("http://localhost:5302", project.GetEndpoint("http").Url);
    }

    [Fact]
    public async Task WithEndpointsInEnvironment_EndpointLeftOut_IsNotAmongTheUrls()
    {
        var project = Allocated(Model.Create().AddProject<TwoProfiles>("project", "https")).WithEndpointsInEnvironment(e => e.Name != "http2");

        Assert.Equal("https://localhost:7302;http://localhost:5302", (await project.EnvironmentAsync())["ASPNETCORE_URLS"]);
    }

    [Fact]
    public async Task AddProject_WithoutLaunchProfile_HasNoEndpointsAndNoEnvironmentName()
    {
        var project = Model.Create().AddProject<TwoProfiles>("project", launchProfileName: null);

        Assert.Empty(project.Resource.GetEndpoints());
        var environment = await project.EnvironmentAsync();
        Assert.DoesNotContain("ASPNETCORE_ENVIRONMENT", environment.Keys);
        Assert.DoesNotContain("ASPNETCORE_URLS", environment.Keys);
        Assert.DoesNotContain("DOTNET_LAUNCH_PROFILE", environment.Keys);
    }

    [Fact]
    public void AddProject_UnknownProfile_SaysWhich()
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => Model.Create().AddProject<TwoProfiles>("project", "staging"));

        Assert.Equal("Launch settings file does not contain 'staging' profile.", exception.Message);
    }

    [Fact]
    public async Task AddProject_VariableSetBeforehand_IsKept()
    {
        var project = Allocated(Model.Create().AddProject<TwoProfiles>("project")).WithEnvironment("ASPNETCORE_ENVIRONMENT", "Staging");

        Assert.Equal("Staging", (await project.EnvironmentAsync())["ASPNETCORE_ENVIRONMENT"]);
    }

    [Fact]
    public void AddProject_FileThatIsNotThere_SaysWhich()
    {
        var builder = Model.Create();

        var exception = Assert.Throws<DistributedApplicationException>(() => builder.AddProject("project", "Missing.csproj"));

        Assert.Equal($"Project file '{Path.Combine(builder.AppHostDirectory, "Missing.csproj")}' was not found.", exception.Message);
    }

    [Fact]
    public void AddProject_BrokenLaunchSettings_SaysWhichFile()
    {
        var folder = Directory.CreateTempSubdirectory("highavail-test-");
        try
        {
            var settings = Path.Combine(folder.CreateSubdirectory("Properties").FullName, "launchSettings.json");
            File.WriteAllText(settings, "{ \"profiles\": ");
            var project = Path.Combine(folder.FullName, "Project.csproj");
            File.WriteAllText(project, "<Project />");

            var exception = Assert.Throws<DistributedApplicationException>(() => Model.Create().AddProject("project", project));

            Assert.Equal(
                $"Failed to get effective launch profile for project resource 'project'. There is malformed JSON in the project's launch settings file at '{settings}'.",
                exception.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IResourceBuilder<ProjectResource> Allocated(IResourceBuilder<ProjectResource> project)
    {
        foreach (var endpoint in project.Resource.GetEndpoints().Select(e => e.EndpointAnnotation))
        {
            endpoint.AllocatedEndpoint = new(endpoint, "localhost", endpoint.Port!.Value);
        }

        return project;
    }

    private sealed class EveryAddress : TestProject
    {
        public override LaunchSettings LaunchSettings => new()
        {
            Profiles = { ["any"] = new() { CommandName = "Executable", ApplicationUrl = "http://*:5302;https://+:7302" } },
        };
    }

    private sealed class TwoProfiles : TestProject
    {
        public override LaunchSettings LaunchSettings => new()
        {
            Profiles =
            {
                ["IIS"] = new() { CommandName = "IISExpress" },
                ["http"] = new() { CommandName = "Project", ApplicationUrl = "http://localhost:5302", EnvironmentVariables = { ["ASPNETCORE_ENVIRONMENT"] = "Development" } },
                ["https"] = new()
                {
                    CommandName = "Project",
                    CommandLineArgs = "--verbose",
                    ApplicationUrl = "https://localhost:7302;http://localhost:5302;http://*:5303",
                    EnvironmentVariables = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
                },
            },
        };
    }
}
