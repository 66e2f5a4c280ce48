using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>
/// The one place that knows the state of every resource and replica. Whoever changes a state publishes it here; waits, the control API and
/// the command line read it here.
/// </summary>
public partial class ResourceNotificationService : IDisposable
{
    private readonly ResourceStates _states;
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IServiceProvider _services;
    private readonly DependencyWaits _dependencies;

    /// <summary>Creates the service.</summary>
    /// <param name="logger">Told every change of a state.</param>
    /// <param name="hostApplicationLifetime">The life of the app host, whose end does not end waits: a resource can still change then.</param>
    /// <param name="serviceProvider">The app host's services.</param>
    /// <param name="resourceLoggerService">The logs of the resources that wait.</param>
    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService)
    {
        ArgumentNullException.ThrowIfNull(hostApplicationLifetime);
        _logger = logger;
        _services = serviceProvider;
        _states = new(serviceProvider, logger);
        _dependencies = new DependencyWaits(this, resourceLoggerService);
    }

    /// <summary>What a wait does, unless it says otherwise, when the other resource failed or ended.</summary>
    internal WaitBehavior DefaultWaitBehavior =>
        _services.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior ?? WaitBehavior.StopOnResourceUnavailable;

    /// <summary>The last known state of every resource and replica of which anything was published.</summary>
    internal IReadOnlyList<ResourceEvent> CurrentStates => _states.Current;

    /// <summary>Publishes a change of a resource that has no replicas.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new snapshot of the current one.</param>
    /// <returns>Completed when every watcher has been given the change.</returns>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.Name, stateFactory);
    }

    /// <summary>Publishes a change of one replica.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The replica's name.</param>
    /// <param name="stateFactory">Makes the new snapshot of the current one.</param>
    /// <returns>Completed when every watcher has been given the change.</returns>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(resourceId);
        ArgumentNullException.ThrowIfNull(stateFactory);

        _states.Publish(resource, resourceId, stateFactory);
        return Task.CompletedTask;
    }

    /// <summary>The last known state.</summary>
    /// <param name="resourceId">The name of a resource without replicas, or of a replica.</param>
    /// <param name="resourceEvent">The state.</param>
    /// <returns>Whether anything was published of it.</returns>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent) => _states.TryGet(resourceId, out resourceEvent);

    /// <summary>The last known state of every resource and replica, then every change.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The states, in one order for all watchers.</returns>
    public IAsyncEnumerable<ResourceEvent> WatchAsync(CancellationToken cancellationToken = default) => _states.WatchAsync(cancellationToken);

    /// <summary>Waits for a state.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="targetState">The state; none is <see cref="KnownResourceStates.Running"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed when the resource, or any of its replicas, has the state.</returns>
    public async Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken).ConfigureAwait(false);

    /// <summary>Waits for one of several states.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state that was reached.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targetStates);
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var message = $"Resource '{resourceName}' failed to reach one of the target states '{string.Join(", ", states)}' before the operation was cancelled.";
        var reached = await WaitForResourceAsync(resourceName, e => e.Snapshot.State?.Text is { } s && states.Contains(s), message, cancellationToken)
            .ConfigureAwait(false);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits for a condition.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="predicate">The condition.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that met it.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended, or the application was.</exception>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        ArgumentNullException.ThrowIfNull(predicate);
        var message = $"Resource '{resourceName}' failed to meet the predicate condition before the operation was cancelled.";
        return await WaitForResourceAsync(resourceName, predicate, message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until a resource is running and healthy.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that met the condition: the first replica that is healthy.</returns>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Waits until a resource is running and healthy.</summary>
    /// <param name="resourceName">The name of a resource or replica.</param>
    /// <param name="waitBehavior">What to do when it failed or ended.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The change that met the condition: the first replica that is healthy.</returns>
    /// <exception cref="DistributedApplicationException">It failed or ended, and the wait gives up then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        LogWaitingForHealthy(resourceName);
        var reached = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.IsReady || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && e.Snapshot.IsUnavailable),
            $"Resource '{resourceName}' failed to become healthy before the operation was cancelled.",
            cancellationToken).ConfigureAwait(false);
        if (!reached.Snapshot.IsReady)
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because {reached.Snapshot.UnavailableReason}.");
        }

        LogWaitingForReady(resourceName);
        await reached.Snapshot.ResourceReadyEvent!.EventTask.WaitAsync(cancellationToken).ConfigureAwait(false);
        LogWaited(resourceName);
        return reached;
    }

    /// <summary>Waits for everything that a resource said it waits for.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completed when all are there.</returns>
    /// <exception cref="DistributedApplicationException">One failed or ended, and the wait gives up then.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);

        return _dependencies.WaitAsync(resource, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _states.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a resource, or one of its replicas, is running and healthy.</summary>
    internal bool IsHealthy(IResource resource) => _states.IsHealthy(resource);

    /// <summary>Forgets a replica that there is no more; watchers get its last state once more, as one that <see cref="ResourceEvent.IsRemoved"/>.</summary>
    internal void Remove(string replica) => _states.Remove(replica);

    private static bool IsNamed(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    internal async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, string messageWhenCancelled, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (IsNamed(change, resourceName) && predicate(change))
                {
                    return change;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException(messageWhenCancelled, exception, exception.CancellationToken);
        }

        throw new OperationCanceledException(messageWhenCancelled);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Waiting for resource '{Name}' to enter the 'Healthy' state.")]
    private partial void LogWaitingForHealthy(string name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Waiting for resource ready to execute for '{Name}'.")]
    private partial void LogWaitingForReady(string name);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Finished waiting for resource '{Name}'.")]
    private partial void LogWaited(string name);
}
