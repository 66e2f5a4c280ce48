using System.Collections.Immutable;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Eventing;

/// <summary>Something that happens in the life of the application.</summary>
public interface IDistributedApplicationEvent
{
}

/// <summary>Something that happens in the life of a resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    /// <summary>The resource.</summary>
    IResource Resource { get; }
}

/// <summary>A subscription, to be ended with <see cref="IDistributedApplicationEventing.Unsubscribe"/>.</summary>
/// <param name="callback">What is called.</param>
public class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
{
    /// <summary>What is called.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}

/// <summary>Lets code take part in the life of the application.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Calls back at each event of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="callback">What is called; what it is given is awaited by the publisher.</param>
    /// <returns>The subscription.</returns>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    /// <summary>Calls back at each event of a type that concerns one resource.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="callback">What is called; what it is given is awaited by the publisher.</param>
    /// <returns>The subscription.</returns>
    DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent;

    /// <summary>Ends a subscription.</summary>
    /// <param name="subscription">The subscription.</param>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Publishes an event: calls the subscribers one after another, in the order in which they subscribed.</summary>
    /// <typeparam name="T">The type of the event.</typeparam>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Given to the subscribers.</param>
    /// <returns>Completed when all have run. The exception of one ends the rest and reaches the caller.</returns>
#pragma warning disable CA1716 // The parameter's name is Aspire's.
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;

    /// <summary>Publishes an event in a certain way.</summary>
    /// <typeparam name="T">The type of the event.</typeparam>
    /// <param name="event">The event.</param>
    /// <param name="dispatchBehavior">Whether subscribers are called one after another, and whether the publisher waits for them.</param>
    /// <param name="cancellationToken">Given to the subscribers.</param>
    /// <returns>Completed when all have run, or at once for a publisher that does not wait.</returns>
    Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;
#pragma warning restore CA1716
}

/// <inheritdoc />
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private ImmutableArray<(Type Type, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        var subscription = new DistributedApplicationEventSubscription((e, ct) => callback((T)e, ct));
        ImmutableInterlocked.Update(ref _subscriptions, all => all.Add((typeof(T), subscription)));
        return subscription;
    }

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);
        return Subscribe<T>((e, ct) => e.Resource == resource ? callback(e, ct) : Task.CompletedTask);
    }

    /// <inheritdoc />
    public void Unsubscribe(DistributedApplicationEventSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, all => all.RemoveAll(s => s.Subscription == subscription));

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent => PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(@event);
        var callbacks = _subscriptions.Where(s => s.Type == typeof(T)).Select(s => s.Subscription.Callback).ToArray();
        switch (dispatchBehavior)
        {
            case EventDispatchBehavior.BlockingSequential:
                return OneAfterAnotherAsync();
            case EventDispatchBehavior.BlockingConcurrent:
                return AllAtOnceAsync();
            case EventDispatchBehavior.NonBlockingSequential:
                _ = Task.Run(OneAfterAnotherAsync, cancellationToken);
                return Task.CompletedTask;
            case EventDispatchBehavior.NonBlockingConcurrent:
                _ = Task.Run(AllAtOnceAsync, cancellationToken);
                return Task.CompletedTask;
            default:
                throw new ArgumentOutOfRangeException(nameof(dispatchBehavior), dispatchBehavior, "There is no such way of publishing.");
        }

        async Task OneAfterAnotherAsync()
        {
            foreach (var callback in callbacks)
            {
                await callback(@event, cancellationToken).ConfigureAwait(false);
            }
        }

        Task AllAtOnceAsync() => Task.WhenAll(callbacks.Select(async callback => await callback(@event, cancellationToken).ConfigureAwait(false)));
    }
}
