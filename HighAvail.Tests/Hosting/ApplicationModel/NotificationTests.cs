using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Hosting.ApplicationModel;

public class NotificationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WatchAsync_Changes_ComeInOrderAndBeginWithWhatIsKnown()
    {
        using var notifications = Create();
        var resource = new CustomResource("resource");
        await notifications.PublishUpdateAsync(resource, s => s with { State = "One" });
        await using var watch = notifications.WatchAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("One", watch.Current.Snapshot.State?.Text);
        Assert.Equal("CustomResource", watch.Current.Snapshot.ResourceType);

        await notifications.PublishUpdateAsync(resource, "replica", s => s with { State = "Two" });

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(("resource", "replica", "Two"), (watch.Current.Resource.Name, watch.Current.ResourceId, watch.Current.Snapshot.State?.Text));
    }

    [Fact]
    public async Task WaitForResourceAsync_NamesAndStatesInOtherCase_AreFound()
    {
        using var notifications = Create();
        var waiting = notifications.WaitForResourceAsync("RESOURCE", ["other", "RUNNING"], Cancelled);

        await notifications.PublishUpdateAsync(new CustomResource("resource"), s => s with { State = KnownResourceStates.Running });

        Assert.Equal(KnownResourceStates.Running, await waiting);
        Assert.True(notifications.WaitForResourceAsync("resource", cancellationToken: Cancelled).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitForResourceAsync_ServiceDisposed_IsCancelledAndSaysWhatItWaitedFor()
    {
        var notifications = Create();
        var waiting = notifications.WaitForResourceAsync("resource", _ => false, Cancelled);

        notifications.Dispose();

        var exception = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.Equal("Resource 'resource' failed to meet the predicate condition before the operation was cancelled.", exception.Message);
    }

    [Fact]
    public async Task WithInitialState_Snapshot_IsWhatTheFirstChangeBeginsWith()
    {
        using var notifications = Create();
        var resource = new CustomResource("resource");
        resource.Annotations.Add(new ResourceSnapshotAnnotation(new() { ResourceType = "Mine", Properties = [new("A", "B")] }));

        await notifications.PublishUpdateAsync(resource, s => s with { State = "One" });

        Assert.True(notifications.TryGetCurrentState("resource", out var current));
        Assert.Equal("Mine", current.Snapshot.ResourceType);
        Assert.Equal("B", Assert.Single(current.Snapshot.Properties).Value);
    }

    [Fact]
    public async Task PublishUpdateAsync_FirstChange_KnowsTheTypeOfTheResource()
    {
        using var notifications = Create();
        (IResource Resource, string Type)[] expected =
        [
            (new ProjectResource("project"), "Project"),
            (new ExecutableResource("executable", "true", "."), "Executable"),
            (new ContainerResource("container"), "Container"),
            (new ParameterResource("parameter", _ => "value"), "Parameter"),
            (new ConnectionStringResource("connection", ReferenceExpression.Empty), "ConnectionString"),
            (new RedisResource("redis"), "Redis"),
            (new CustomResource("custom"), "CustomResource"),
        ];

        foreach (var (resource, type) in expected)
        {
            await notifications.PublishUpdateAsync(resource, s => s);
            Assert.True(notifications.TryGetCurrentState(resource.Name, out var current));
            Assert.Equal(type, current.Snapshot.ResourceType);
        }
    }

    [Fact]
    public async Task Complete_Log_EndsThoseWhoWatchItAfterItsLines()
    {
        var loggers = new ResourceLoggerService();
        var resource = new CustomResource("resource");
        var logger = loggers.GetLogger(resource);
        LoggerMessages.Said(logger);
        var watched = new List<LogLine>();

        loggers.Complete(resource);
        await foreach (var lines in loggers.WatchAsync(resource).WithCancellation(Cancelled))
        {
            watched.AddRange(lines);
        }

        Assert.Equal((1, "said", false), (Assert.Single(watched).LineNumber, watched[0].Content, watched[0].IsErrorMessage));
        await foreach (var lines in loggers.GetAllAsync(resource))
        {
            Assert.Equal(watched, lines);
        }
    }

    private static ResourceNotificationService Create() => new(
        NullLogger<ResourceNotificationService>.Instance,
        new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance),
        new ServiceCollection().BuildServiceProvider(),
        new ResourceLoggerService());
}

internal static partial class LoggerMessages
{
    [Microsoft.Extensions.Logging.LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Information, Message = "said")]
    public static partial void Said(Microsoft.Extensions.Logging.ILogger logger);
}
