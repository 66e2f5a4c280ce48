using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using HighAvail.Hosting.Lifecycle;
using HighAvail.Tests.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Hosting.Eventing;

public class DispatchTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Theory]
    [InlineData(EventDispatchBehavior.BlockingSequential, 1)]
    [InlineData(EventDispatchBehavior.BlockingConcurrent, 2)]
    public async Task PublishAsync_Blocking_WaitsForOneOrAllAtATime(EventDispatchBehavior behavior, int calledAtOnce)
    {
        var (eventing, calls, goOn) = TwoThatWait();

        var publishing = eventing.PublishAsync(new Happened(), behavior, Cancelled);

        Assert.Equal(calledAtOnce, calls.CurrentCount);
        Assert.False(publishing.IsCompleted);
        goOn.SetResult();
        await publishing;
        Assert.Equal(2, calls.CurrentCount);
    }

    [Theory]
    [InlineData(EventDispatchBehavior.NonBlockingSequential)]
    [InlineData(EventDispatchBehavior.NonBlockingConcurrent)]
    public async Task PublishAsync_NonBlocking_WaitsForNobody(EventDispatchBehavior behavior)
    {
        var (eventing, calls, goOn) = TwoThatWait();

        await eventing.PublishAsync(new Happened(), behavior, Cancelled);

        goOn.SetResult();
        await calls.WaitAsync(Cancelled);
        await calls.WaitAsync(Cancelled);
    }

    [Fact]
    public async Task Start_SubscriberAmongTheServices_HearsTheFirstEvent()
    {
        var builder = Model.Create();
        builder.Services.TryAddEventingSubscriber<Subscriber>();
        builder.Services.TryAddEventingSubscriber<Subscriber>();
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        var subscriber = Assert.IsType<Subscriber>(Assert.Single(app.Services.GetServices<IDistributedApplicationEventingSubscriber>()));
        Assert.Equal(["run mode", "before start"], subscriber.Heard);
    }

    [Fact]
    public async Task Start_OfTheWholeApplication_IsToldInOrder()
    {
        var builder = Model.Create();
        var heard = new List<string>();
        builder.OnBeforeStart((_, _) => Note("before"));
#pragma warning disable CS0618 // Aspire has it still, and so whoever listens to it.
        builder.Eventing.Subscribe<AfterEndpointsAllocatedEvent>((e, _) => Note($"allocated {e.Model.Resources.Count}"));
#pragma warning restore CS0618
        builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => Note("created"));
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        Assert.Equal(["before", "allocated 0", "created"], heard);

        Task Note(string what)
        {
            heard.Add(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Publish_OfTheApplication_IsToldBeforeAndAfter()
    {
        using var folder = new TemporaryFolder();
        var manifest = folder.File("manifest.json");
        var builder = Model.Create("--publisher", "manifest", "--output-path", manifest);
        var heard = new List<(string, bool)>();
        builder.OnBeforeStart((_, _) => Note("start")).OnBeforePublish((_, _) => Note("before")).OnAfterPublish((_, _) => Note("after"));
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);

        Assert.Equal([("start", false), ("before", false), ("after", true)], heard);

        Task Note(string what)
        {
            heard.Add((what, File.Exists(manifest)));
            return Task.CompletedTask;
        }
    }

    private static (DistributedApplicationEventing Eventing, SemaphoreSlim Calls, TaskCompletionSource GoOn) TwoThatWait()
    {
        var eventing = new DistributedApplicationEventing();
        var (calls, goOn) = (new SemaphoreSlim(0), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        for (var i = 0; i < 2; i++)
        {
            eventing.Subscribe<Happened>((_, _) =>
            {
                calls.Release();
                return goOn.Task;
            });
        }

        return (eventing, calls, goOn);
    }

    private sealed class Happened : IDistributedApplicationEvent;

    private sealed class Subscriber : IDistributedApplicationEventingSubscriber
    {
        public List<string> Heard { get; } = [];

        public Task SubscribeAsync(
            IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
        {
            Heard.Add(executionContext.IsRunMode ? "run mode" : "publish mode");
            eventing.Subscribe<BeforeStartEvent>((_, _) =>
            {
                Heard.Add("before start");
                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        }
    }
}
