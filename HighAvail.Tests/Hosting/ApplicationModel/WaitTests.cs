using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class WaitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void WaitFor_Itself_IsRefused()
    {
        var resource = Model.Create().AddResource(new CustomResource("test"));

        foreach (var wait in (Action[])[() => resource.WaitFor(resource), () => resource.WaitForStart(resource), () => resource.WaitForCompletion(resource)])
        {
            Assert.Equal("The 'test' resource cannot wait for itself.", Assert.Throws<DistributedApplicationException>(wait).Message);
        }
    }

    [Fact]
    public void WaitFor_Parent_IsRefused()
    {
        var builder = Model.Create();
        var parent = builder.AddResource(new CustomResource("parent"));
        var child = builder.AddResource(new CustomChildResource("child", parent.Resource));

        var exception = Assert.Throws<DistributedApplicationException>(() => child.WaitFor(parent));

        Assert.Equal("The 'child' resource cannot wait for its parent 'parent'.", exception.Message);
    }

    [Fact]
    public void Build_CircleOfWaits_ShowsIt()
    {
        var builder = Model.Create();
        var a = builder.AddResource(new CustomResource("a"));
        var b = builder.AddResource(new CustomResource("b")).WaitFor(a);
        a.WaitForStart(b);

        var exception = Assert.Throws<DistributedApplicationException>(builder.Build);

        Assert.Contains("'a' waits for 'b' waits for 'a'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WaitFor_Database_WaitsForItsServerFirst()
    {
        var builder = Model.Create();
        var database = builder.AddPostgres("postgres").AddDatabase("db");

        var client = builder.AddExecutable("client", "true", ".").WaitFor(database).WaitFor(database);

        Assert.Equal(
            [("postgres", WaitType.WaitUntilHealthy), ("db", WaitType.WaitUntilHealthy)],
            client.Resource.Annotations.OfType<WaitAnnotation>().Select(w => (w.Resource.Name, w.WaitType)));
    }

    [Fact]
    public async Task WaitFor_DependencyBecomesHealthy_StartsAfterItsReadyCallbacks()
    {
        var builder = Model.Create();
        var isHealthy = false;
        var callbackRan = false;
        builder.Services.AddHealthChecks().AddCheck("check", () => isHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        var dependency = builder.AddResource(new CustomResource("dependency")).WithHealthCheck("check").OnResourceReady((_, _, _) =>
        {
            callbackRan = true;
            return Task.CompletedTask;
        });
        builder.AddExecutable("client", "true", ".").WaitFor(dependency);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        var waiting = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == KnownResourceStates.Waiting, Cancelled);
        Assert.Equal("Waiting for 'dependency'.", waiting.Snapshot.Value(KnownProperties.Message));

        await PublishAsync(app, dependency.Resource, KnownResourceStates.Running);
        await app.ResourceNotifications.WaitForResourceAsync("dependency", e => e.Snapshot.HealthStatus == HealthStatus.Unhealthy, Cancelled);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("client", out var client));
        Assert.Equal(KnownResourceStates.Waiting, client.Snapshot.State?.Text);
        isHealthy = true;

        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Finished, Cancelled);
        Assert.True(callbackRan);
    }

    [Theory]
    [InlineData(KnownResourceStates.FailedToStart, "it failed to start.")]
    [InlineData(KnownResourceStates.Exited, "it entered the 'Exited' state prematurely.")]
    [InlineData(KnownResourceStates.Finished, "it entered the 'Finished' state prematurely.")]
    [InlineData(KnownResourceStates.RuntimeUnhealthy, "it entered the 'RuntimeUnhealthy' state prematurely.")]
    public async Task WaitFor_DependencyUnavailable_FailsAndSaysWhy(string state, string reason)
    {
        var builder = Model.Create();
        var dependency = builder.AddResource(new CustomResource("dependency"));
        builder.AddExecutable("client", "true", ".").WaitFor(dependency);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        await PublishAsync(app, dependency.Resource, state);

        var failed = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == KnownResourceStates.FailedToStart, Cancelled);
        Assert.Equal(
            $"Resource 'client' stopped waiting for dependency resource 'dependency' because {reason}", failed.Snapshot.Value(KnownProperties.Message));
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("client", Cancelled));
    }

    [Fact]
    public async Task WaitFor_WaitOnResourceUnavailable_OutlastsAFailure()
    {
        var builder = Model.Create();
        var dependency = builder.AddResource(new CustomResource("dependency"));
        builder.AddExecutable("client", "true", ".").WaitFor(dependency, WaitBehavior.WaitOnResourceUnavailable);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        await PublishAsync(app, dependency.Resource, KnownResourceStates.FailedToStart);
        await PublishAsync(app, dependency.Resource, KnownResourceStates.Running);

        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Finished, Cancelled);
    }

    [Theory]
    [InlineData(3, 3, KnownResourceStates.Finished)]
    [InlineData(0, 1, KnownResourceStates.FailedToStart)]
    public async Task WaitForCompletion_ExitCode_Decides(int expected, int actual, string state)
    {
        var builder = Model.Create();
        var job = builder.AddExecutable("job", "/bin/sh", ".", "-c", $"exit {actual}");
        builder.AddExecutable("client", "true", ".").WaitForCompletion(job, expected);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == state, Cancelled);

        if (state == KnownResourceStates.FailedToStart)
        {
            Assert.Equal(
                "Resource 'client' stopped waiting for dependency resource 'job' because it entered the 'Exited' state with exit code '1', expected '0'.",
                ended.Snapshot.Value(KnownProperties.Message));
        }
    }

    [Fact]
    public async Task WaitForStart_RunningButNotHealthy_IsEnough()
    {
        var builder = Model.Create();
        builder.Services.AddHealthChecks().AddCheck("check", () => HealthCheckResult.Unhealthy());
        var dependency = builder.AddResource(new CustomResource("dependency")).WithHealthCheck("check");
        builder.AddExecutable("client", "true", ".").WaitForStart(dependency);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        await PublishAsync(app, dependency.Resource, KnownResourceStates.Running);

        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Finished, Cancelled);
    }

    [Fact]
    public async Task MissingParameter_Dependent_WaitsAndSaysWhichAndGoesOnWhenItIsGiven()
    {
        var builder = Model.Create();
        var parameter = builder.AddParameter("api-key", secret: true);
        builder.AddExecutable("client", "true", ".").WithEnvironment("KEY", $"<{parameter}>");
        builder.AddExecutable("other", "true", ".");
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        await app.ResourceNotifications.WaitForResourceAsync("other", KnownResourceStates.Finished, Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("api-key", KnownResourceStates.ValueMissing, Cancelled);
        var waiting = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == KnownResourceStates.ValueMissing, Cancelled);
        Assert.Contains("'api-key': set Parameters:api-key", (string?)waiting.Snapshot.Value(KnownProperties.Message), StringComparison.Ordinal);

        builder.Configuration["Parameters:api-key"] = "k";
        ((Microsoft.Extensions.Configuration.IConfigurationRoot)builder.Configuration).Reload();

        var ended = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == KnownResourceStates.Finished, Cancelled);
        Assert.Equal("<k>", Assert.Single(ended.Snapshot.EnvironmentVariables, v => v.Name == "KEY").Value);
    }

    [Fact]
    public async Task AddConnectionString_PartNotStarted_WaitsForIt()
    {
        var builder = Model.Create();
        var dependency = builder.AddResource(new CustomResource("dependency") { ConnectionString = "Host=h" });
        var connection = builder.AddConnectionString("cs", ReferenceExpression.Create($"{dependency};Timeout=100"));
        builder.AddExecutable("client", "true", ".").WithReference(connection).WaitFor(connection);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("cs", KnownResourceStates.Waiting, Cancelled);

        await PublishAsync(app, dependency.Resource, KnownResourceStates.Running);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == KnownResourceStates.Finished, Cancelled);
        Assert.Equal("Host=h;Timeout=100", Assert.Single(ended.Snapshot.EnvironmentVariables, v => v.Name == "ConnectionStrings__cs").Value);
    }

    [Fact]
    public async Task WithExplicitStart_NobodyAsks_IsNotStartedAndWaitsOnlyWhenAsked()
    {
        var builder = Model.Create();
        var dependency = builder.AddResource(new CustomResource("dependency"));
        builder.AddExecutable("client", "true", ".").WaitFor(dependency).WithExplicitStart();
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.NotStarted, Cancelled);

        var start = app.ResourceCommands.ExecuteCommandAsync("client", KnownResourceCommands.StartCommand, Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Waiting, Cancelled);
        await PublishAsync(app, dependency.Resource, KnownResourceStates.Running);

        Assert.True((await start).Success);
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Finished, Cancelled);
    }

    private static Task PublishAsync(DistributedApplication app, IResource resource, string state) =>
        app.ResourceNotifications.PublishUpdateAsync(resource, s => s with { State = state });
}
