using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Subscribes to events of the application as a whole.</summary>
public static class EventingBuilderExtensions
{
    /// <summary>Calls back before anything starts, or is published.</summary>
    /// <typeparam name="T">The type of the builder.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="callback">The callback.</param>
    /// <returns>The same builder.</returns>
    public static T OnBeforeStart<T>(this T builder, Func<BeforeStartEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder => builder.On(callback);

    /// <summary>Calls back before the application is published.</summary>
    /// <typeparam name="T">The type of the builder.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="callback">The callback.</param>
    /// <returns>The same builder.</returns>
    public static T OnBeforePublish<T>(this T builder, Func<BeforePublishEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder => builder.On(callback);

    /// <summary>Calls back after the application was published.</summary>
    /// <typeparam name="T">The type of the builder.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="callback">The callback.</param>
    /// <returns>The same builder.</returns>
    public static T OnAfterPublish<T>(this T builder, Func<AfterPublishEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder => builder.On(callback);

    private static T On<T, TEvent>(this T builder, Func<TEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder
        where TEvent : Eventing.IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(callback);
        builder.Eventing.Subscribe(callback);
        return builder;
    }
}
