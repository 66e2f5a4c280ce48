using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using HighAvail.Tests.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Eventing;

public class EventingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishAsync_SeveralSubscribers_CallsThemInOrder()
    {
        var eventing = new DistributedApplicationEventing();
        var calls = new List<int>();
        eventing.Subscribe<Happened>(async (_, _) =>
        {
            await Task.Yield();
            calls.Add(1);
        });
        eventing.Subscribe<Happened>((_, _) =>
        {
            calls.Add(2);
            return Task.CompletedTask;
        });

        await eventing.PublishAsync(new Happened(), Cancelled);

        Assert.Equal([1, 2], calls);
    }

    [Fact]
    public async Task Unsubscribe_Subscription_IsNotCalledAgain()
    {
        var eventing = new DistributedApplicationEventing();
        var calls = 0;
        var subscription = eventing.Subscribe<Happened>((_, _) =>
        {
            calls++;
            return Task.CompletedTask;
        });
        await eventing.PublishAsync(new Happened(), Cancelled);

        eventing.Unsubscribe(subscription);
        await eventing.PublishAsync(new Happened(), Cancelled);

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task PublishAsync_SubscriberThrows_EndsTheRestAndReachesThePublisher()
    {
        var eventing = new DistributedApplicationEventing();
        eventing.Subscribe<Happened>((_, _) => throw new InvalidOperationException("no"));
        eventing.Subscribe<Happened>((_, _) => throw new InvalidOperationException("never called"));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => eventing.PublishAsync(new Happened(), Cancelled));

        Assert.Equal("no", exception.Message);
    }

    [Fact]
    public async Task Subscribe_OneResource_HearsNothingOfOthers()
    {
        var builder = Model.Create();
        var (mine, other) = (new CustomResource("mine"), new CustomResource("other"));
        var heard = new List<string>();
        builder.Eventing.Subscribe<HappenedTo>(mine, (e, _) =>
        {
            heard.Add(e.Resource.Name);
            return Task.CompletedTask;
        });

        await builder.Eventing.PublishAsync(new HappenedTo(other), Cancelled);
        await builder.Eventing.PublishAsync(new HappenedTo(mine), Cancelled);

        Assert.Equal(["mine"], heard);
    }

    [Fact]
    public async Task Start_Program_PassesThroughItsLifeInOrder()
    {
        var builder = Model.Create();
        var events = new List<string>();
        var stopped = new TaskCompletionSource<ResourceStoppedEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Eventing.Subscribe<BeforeStartEvent>((e, _) => Note($"start {e.Model.Resources.Count}"));
        builder.AddExecutable("program", "true", ".")
            .OnResourceEndpointsAllocated((_, _, _) => Note("allocated"))
            .OnInitializeResource((_, e, _) => Note($"initialize {e.Resource.Name}"))
            .OnBeforeResourceStarted((_, _, _) => Note("before"))
            .OnResourceStopped((_, e, _) =>
            {
                stopped.SetResult(e);
                return Task.CompletedTask;
            });
        await using var app = await builder.BuildAsync(Cancelled);

        await app.StartAsync(Cancelled);
        var last = await stopped.Task.WaitAsync(Cancelled);

        Assert.Equal(["start 1", "allocated", "initialize program", "before"], events);
        Assert.Equal(KnownResourceStates.Finished, last.ResourceEvent.Snapshot.State?.Text);

        Task Note(string name)
        {
            events.Add(name);
            return Task.CompletedTask;
        }
    }

    private sealed class Happened : IDistributedApplicationEvent;

    private sealed class HappenedTo(IResource resource) : IDistributedApplicationResourceEvent
    {
        public IResource Resource => resource;
    }
}
