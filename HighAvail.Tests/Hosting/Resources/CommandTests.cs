using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;
using HighAvail.Tests.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Hosting.Resources;

public class CommandTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithCommand_SameNameAgain_ReplacesIt()
    {
        var builder = Model.Create();
        var resource = builder.AddResource(new CustomResource("resource"))
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Failure("old")))
            .WithCommand("greet", "Greet", c => Task.FromResult(CommandResults.Success($"Hello {c.ResourceName}")), new() { Description = "Says hello", IsHighlighted = true });
        await using var app = await builder.BuildAsync(Cancelled);

        var result = await app.ResourceCommands.ExecuteCommandAsync(resource.Resource, "greet", Cancelled);

        Assert.True(result.Success);
        Assert.Equal("Hello resource", result.Message);
        var annotation = Assert.Single(resource.Resource.Annotations.OfType<ResourceCommandAnnotation>());
        Assert.Equal(("Says hello", true), (annotation.DisplayDescription, annotation.IsHighlighted));
    }

    [Fact]
    public async Task ExecuteCommand_UnknownNames_SaysWhich()
    {
        var builder = Model.Create();
        var resource = builder.AddResource(new CustomResource("resource"));
        await using var app = await builder.BuildAsync(Cancelled);

        Assert.Equal("Resource 'other' not found.", (await app.ResourceCommands.ExecuteCommandAsync("other", "x", Cancelled)).Message);
        Assert.Equal(
            "Command 'x' not available for resource 'resource'.", (await app.ResourceCommands.ExecuteCommandAsync(resource.Resource, "x", Cancelled)).Message);
    }

    [Fact]
    public async Task ExecuteCommand_ExceptionAndCancellation_AreResults()
    {
        var builder = Model.Create();
        var resource = builder.AddResource(new CustomResource("resource"))
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("broken"))
            .WithCommand("cancel", "Cancel", _ => throw new OperationCanceledException());
        await using var app = await builder.BuildAsync(Cancelled);

        var failed = await app.ResourceCommands.ExecuteCommandAsync(resource.Resource, "fail", Cancelled);
        var cancelled = await app.ResourceCommands.ExecuteCommandAsync(resource.Resource, "cancel", Cancelled);

        Assert.Equal((false, false, "broken"), (failed.Success, failed.Canceled, failed.Message));
        Assert.Equal((false, true), (cancelled.Success, cancelled.Canceled));
        Assert.Null(cancelled.Message);
    }

    [Fact]
    public async Task Snapshot_Commands_FollowTheStateOfWhatTheyAsk()
    {
        var builder = Model.Create();
        var server = builder.AddResource(new CustomResource("server")).WithHttpEndpoint();
        var watcher = builder.AddResource(new CustomResource("watcher"))
            .WithHttpCommand("/reset", "Reset", () => server.GetEndpoint("http"), "reset", new() { IconName = "Broom", IsHighlighted = true })
            .WithCommand("broken", "Broken", _ => Task.FromResult(CommandResults.Success()), new() { UpdateState = _ => throw new InvalidOperationException() });
        await using var app = await builder.BuildAsync(Cancelled);
        var notifications = app.ResourceNotifications;

        await notifications.PublishUpdateAsync(watcher.Resource, s => s with { State = KnownResourceStates.Running });
        Assert.Equal(
            [new("reset", ResourceCommandState.Disabled, "Reset", null, null, null, "Broom", null, true),
             new("broken", ResourceCommandState.Disabled, "Broken", null, null, null, null, null, false)],
            Commands());
        await notifications.PublishUpdateAsync(server.Resource, s => s with { State = KnownResourceStates.Running });
        Assert.Equal(ResourceCommandState.Enabled, Commands()[0].State);
        await notifications.PublishUpdateAsync(server.Resource, s => s with { State = KnownResourceStates.Exited });
        Assert.Equal(ResourceCommandState.Disabled, Commands()[0].State);

        ResourceCommandSnapshot[] Commands() => notifications.TryGetCurrentState("watcher", out var known) ? [.. known.Snapshot.Commands] : [];
    }

    [Fact]
    public async Task WithHttpCommand_Defaults_PostsToTheEndpoint()
    {
        await using var server = await Server.StartAsync();
        var builder = Model.Create();
        var program = builder.AddExecutable("program", "true", ".").WithHttpEndpoint().Allocated("http", server.Port)
            .WithHttpCommand("/reset?all=1", "Reset")
            .WithHttpCommand("/teapot", "Tea", commandName: "tea", commandOptions: new()
            {
                Method = HttpMethod.Put,
                PrepareRequest = context =>
                {
                    context.Request.Headers.Add("X-Key", "secret");
                    return Task.CompletedTask;
                },
            });
        await using var app = await builder.BuildAsync(Cancelled);

        await app.Services.GetRequiredService<CertificateAuthority>().EnsureAsync(Cancelled);

        var reset = await app.ResourceCommands.ExecuteCommandAsync(program.Resource, "program-http-http-post-/reset?all=1", Cancelled);
        var tea = await app.ResourceCommands.ExecuteCommandAsync(program.Resource, "tea", Cancelled);

        Assert.True(reset.Success, reset.Message);
        Assert.False(tea.Success);
        Assert.Equal(["POST /reset?all=1 ", "PUT /teapot secret"], server.Requests);
    }

    [Fact]
    public async Task WithHttpCommand_NamedClient_CanBeMade()
    {
        var builder = Model.Create();
        builder.AddExecutable("program", "true", ".").WithHttpEndpoint().WithHttpCommand("/", "Do", commandOptions: new() { HttpClientName = "mine" });
        await using var app = await builder.BuildAsync(Cancelled);

        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("mine");

        Assert.NotNull(client);
    }

    [Fact]
    public void WithHttpCommand_NoHttpEndpoint_SaysWhatWasLookedFor()
    {
        var program = Model.Create().AddExecutable("name", "true", ".").WithEndpoint(targetPort: 9999, scheme: "tcp", name: "nonhttp");

        Assert.Equal(
            "Could not create HTTP command for resource 'name' as the endpoint with name 'nonhttp' and scheme 'tcp' is not an HTTP endpoint.",
            Assert.Throws<DistributedApplicationException>(() => program.WithHttpCommand("/", "Do", endpointName: "nonhttp")).Message);
        Assert.Equal(
            "Could not create HTTP command for resource 'name' as no endpoint was found matching one of the specified names: https, http",
            Assert.Throws<DistributedApplicationException>(() => program.WithHttpCommand("/", "Do")).Message);
        Assert.Equal(
            "Could not create HTTP health check for resource 'name' as the endpoint with name 'nonhttp' and scheme 'tcp' is not an HTTP endpoint.",
            Assert.Throws<DistributedApplicationException>(() => program.WithHttpHealthCheck(endpointName: "nonhttp")).Message);
    }

    private sealed class Server(WebApplication app, List<string> requests) : IAsyncDisposable
    {
        public int Port => new Uri(app.Urls.Single()).Port;

        public IReadOnlyList<string> Requests => requests;

        public static async Task<Server> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var requests = new List<string>();
            app.Run(context =>
            {
                requests.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers["X-Key"]}");
                context.Response.StatusCode = context.Request.Path == "/teapot" ? StatusCodes.Status418ImATeapot : StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            });
            await app.StartAsync(Cancelled);
            return new(app, requests);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
