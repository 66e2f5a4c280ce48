using HighAvail.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HighAvail.Hosting.Lifecycle;

/// <summary>A service that listens to events. It is asked before the first event is published.</summary>
public interface IDistributedApplicationEventingSubscriber
{
    /// <summary>Subscribes to the events that it wants.</summary>
    /// <param name="eventing">Where to subscribe.</param>
    /// <param name="executionContext">Whether the application runs or is published.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>Completed when it has subscribed.</returns>
    Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken);
}

/// <summary>Registers services that listen to events.</summary>
public static class EventingSubscriberServiceCollectionExtensions
{
    /// <summary>Adds a subscriber.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="services">The app host's services.</param>
    public static void AddEventingSubscriber<T>(this IServiceCollection services)
        where T : class, IDistributedApplicationEventingSubscriber => services.AddSingleton<IDistributedApplicationEventingSubscriber, T>();

    /// <summary>Adds a subscriber that a function makes.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="services">The app host's services.</param>
    /// <param name="implementationFactory">The function.</param>
    public static void AddEventingSubscriber<T>(this IServiceCollection services, Func<IServiceProvider, T> implementationFactory)
        where T : class, IDistributedApplicationEventingSubscriber =>
        services.AddSingleton<IDistributedApplicationEventingSubscriber, T>(implementationFactory);

    /// <summary>Adds a subscriber unless there is one of its type.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="services">The app host's services.</param>
    public static void TryAddEventingSubscriber<T>(this IServiceCollection services)
        where T : class, IDistributedApplicationEventingSubscriber =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDistributedApplicationEventingSubscriber, T>());

    /// <summary>Adds a subscriber that a function makes, unless there is one of its type.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="services">The app host's services.</param>
    /// <param name="implementationFactory">The function.</param>
    public static void TryAddEventingSubscriber<T>(this IServiceCollection services, Func<IServiceProvider, T> implementationFactory)
        where T : class, IDistributedApplicationEventingSubscriber =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDistributedApplicationEventingSubscriber, T>(implementationFactory));

    /// <summary>Publishes the first event, once all subscribers had the chance to subscribe.</summary>
    internal static async Task PublishBeforeStartAsync(this IServiceProvider services, ApplicationModel.DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        var eventing = services.GetRequiredService<IDistributedApplicationEventing>();
        foreach (var subscriber in services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, services.GetRequiredService<DistributedApplicationExecutionContext>(), cancellationToken).ConfigureAwait(false);
        }

        await eventing.PublishAsync(new ApplicationModel.BeforeStartEvent(services, model), cancellationToken).ConfigureAwait(false);
    }
}
