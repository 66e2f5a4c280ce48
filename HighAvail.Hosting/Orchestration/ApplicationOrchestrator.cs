using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Dashboard;
using HighAvail.Hosting.Eventing;
using HighAvail.Hosting.Lifecycle;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Resources;
using HighAvail.Hosting.Resources.Containers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Brings the model to life on this machine, and ends it.</summary>
internal sealed class ApplicationOrchestrator : IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly DistributedApplicationModel _model;
    private readonly ResourceNotificationService _notifications;
    private readonly IDistributedApplicationEventing _eventing;
    private readonly HostDirectories _directories;
    private readonly IConfiguration _configuration;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<IResource, ReplicaSet> _sets = [];
    private readonly List<Task> _background = [];
    private readonly bool _randomizePorts;
    private readonly MissingParameters _parameters;
    private DiscoveryFile? _discovery;
    private Task? _stopped;

    public ApplicationOrchestrator(
        IServiceProvider services,
        DistributedApplicationModel model,
        ResourceNotificationService notifications,
        IDistributedApplicationEventing eventing,
        HostDirectories directories,
        IConfiguration configuration)
    {
        _services = services;
        _model = model;
        _notifications = notifications;
        _eventing = eventing;
        _directories = directories;
        _configuration = configuration;
        _parameters = new(services, notifications, configuration);
        _randomizePorts = configuration.GetValue<bool>(HostSettings.RandomizePorts);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _parameters.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Sets every resource in motion.</summary>
    /// <exception cref="DistributedApplicationException">Something that all depends on is not to be had; the message says what to do.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in _model.Resources.Where(IsProcess))
        {
            ReplicaCommands.Add(resource, this);
        }

        // What is not a process begins its life in its own initialization, and its waits are part of that.
        _eventing.Subscribe<BeforeResourceStartedEvent>((e, ct) => IsProcess(e.Resource) ? Task.CompletedTask : WaitAsync(e.Resource, ct));
        await _services.PublishBeforeStartAsync(_model, cancellationToken).ConfigureAwait(false);
        await _services.GetRequiredService<CertificateAuthority>().EnsureAsync(cancellationToken).ConfigureAwait(false);
        CreateReplicaSets();
        await AnnounceEndpointsAsync(cancellationToken).ConfigureAwait(false);

        // Before anything starts, so that whoever needs a value knows that it is missing.
        foreach (var parameter in _model.Resources.OfType<ParameterResource>())
        {
            await _parameters.BeginAsync(parameter, cancellationToken).ConfigureAwait(false);
        }

        _background.Add(StoppedResources.PublishAsync(_notifications, _eventing, _services, _stopping.Token));
        _background.Add(new CertificateRenewal(
            _services.GetRequiredService<CertificateAuthority>(), _services.GetRequiredService<TimeProvider>(), _services.GetRequiredService<ILogger<CertificateRenewal>>()).RunAsync(_stopping.Token));
        _background.Add(new ResourceHealthMonitor(
            _notifications, _services.GetRequiredService<HealthCheckService>(), _eventing, _services, _services.GetRequiredService<TimeProvider>())
            .WatchAsync(IsProcess, _stopping.Token));
        foreach (var resource in _model.Resources)
        {
            _background.Add(BeginOrFailAsync(resource, _stopping.Token));
        }

        await _eventing.PublishAsync(new AfterResourcesCreatedEvent(_services, _model), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts the replicas of a resource that waits for someone to ask for it, its own waits included.</summary>
    internal async Task BeginExplicitlyAsync(IResource resource)
    {
        if (_sets.TryGetValue(resource, out var set))
        {
            await BeginReplicasAsync(resource, set, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Stops everything: what others wait for goes last. Safe to call twice.</summary>
    internal Task StopAsync() => _stopped ??= StopCoreAsync();

    /// <summary>Kills every process with SIGKILL, in no order, instead of waiting for a stop to end.</summary>
    internal Task KillAsync() => Task.WhenAll(_sets.Values.Select(async set =>
    {
        // Asked first, so that supervision does not take the death for a crash.
        var stop = set.StopAsync(systemStops: true);
        await set.KillAsync().ConfigureAwait(false);
        await stop.ConfigureAwait(false);
    }));

    /// <summary>Whether a resource runs as one or more processes.</summary>
    internal static bool IsProcess(IResource resource) =>
        resource is ProjectResource or ExecutableResource || resource.HasAnnotationOfType<INativeProcess>();

    /// <summary>The replicas of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The set, or <see langword="null"/> when the resource is not a process or nothing was started.</returns>
    internal ReplicaSet? Find(IResource resource) => _sets.GetValueOrDefault(resource);

    private async Task AnnounceEndpointsAsync(CancellationToken cancellationToken)
    {
        var urls = new ResourceUrls(
            _services.GetRequiredService<DistributedApplicationExecutionContext>(), _notifications, _services.GetRequiredService<ResourceLoggerService>(), IsProcess);
        _eventing.Subscribe<ResourceEndpointsAllocatedEvent>((e, ct) => urls.ProcessAsync(e.Resource, ct));
        foreach (var resource in _model.Resources)
        {
            await urls.PublishDescribedAsync(resource).ConfigureAwait(false);

            // A resource of the app host's own allocates its endpoints, and says so, in its initialization.
            if (resource.Annotations.OfType<EndpointAnnotation>().All(e => e.AllocatedEndpoint is not null))
            {
                await _eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, _services), cancellationToken).ConfigureAwait(false);
            }
        }

#pragma warning disable CS0618 // Whoever still listens to it is served.
        await _eventing.PublishAsync(new AfterEndpointsAllocatedEvent(_services, _model), cancellationToken).ConfigureAwait(false);
#pragma warning restore CS0618
    }

    private ILogger Logger(IResource resource) => _services.GetRequiredService<ResourceLoggerService>().GetLogger(resource);

    private void CreateReplicaSets()
    {
        var time = _services.GetRequiredService<TimeProvider>();
        var loggers = _services.GetRequiredService<ILoggerFactory>();
        var logs = _services.GetRequiredService<LogStore>();
        new EndpointAllocator(_randomizePorts).Allocate(_model.Resources.Where(r => IsProcess(r) || r is ContainerResource));
        _discovery = new(_directories.Run, time, loggers.CreateLogger<DiscoveryFile>());
        var builds = new BuildOutput(_directories.Run);
        var readiness = new ReplicaReadiness(logs, _directories.Logs, new(), time);
        var launcher = ProcessLauncher.Create(time, loggers.CreateLogger(typeof(ProcessLauncher)));
        var host = new ProgramHost(
            _services.GetRequiredService<DistributedApplicationExecutionContext>(),
            builds,
            _services.GetRequiredService<HttpProbe>(),
            _services.GetRequiredService<HealthCheckService>(),
            _services.GetRequiredService<CertificateAuthority>(),
            _discovery,
            _services.GetRequiredService<ResourceLoggerService>(),
            _randomizePorts);

        foreach (var resource in _model.Resources.Where(IsProcess))
        {
            var native = resource.Annotations.OfType<INativeProcess>().LastOrDefault();

            // Programs send telemetry whether the dashboard is there or not: that nobody takes it is no news.
            var router = native is null
                ? new EndpointRouter((IResourceWithEndpoints)resource, _discovery, time, resource is DashboardResource ? NullLoggerFactory.Instance : loggers)
                : null;

            // A program that listens is a server and is kept up; one that does not runs to its end.
            var policy = resource is ExecutableResource && !resource.HasAnnotationOfType<EndpointAnnotation>() ? RestartPolicy.Never : RestartPolicy.Always;
            _sets[resource] = new(
                resource,
                router,
                (name, changed) =>
                {
                    ReplicaDriver driver = native is null
                        ? new ProgramReplicaDriver(resource, name, host) { StateDirectory = _directories.State }
                        : new NativeReplicaDriver(resource, native, Context) { StateDirectory = _directories.State };
                    return (new(name, driver, launcher, policy, logs.For(name).Append, changed, native is null ? new() : SupervisionOptions.ForServers, time, Random.Shared), driver);
                },
                readiness,
                _notifications,
                _eventing,
                _services);
            router?.Start();

            NativeProcessContext Context(int port) => new(
                port,
                _configuration,
                _directories,
                launcher,
                logs.For(resource.Name).Append,
                message => _sets[resource].PublishAsync(new(KnownResourceStates.Starting, null), message));
        }
    }

    // Callbacks of the app host run in here: whatever they throw is told as the state of the resource.
    private async Task BeginOrFailAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(resource, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application stops.
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Logger(resource).ResourceFailed(exception);
            var failed = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error);
            if (_sets.TryGetValue(resource, out var set))
            {
                await set.PublishAsync(failed, exception.Message).ConfigureAwait(false);
                return;
            }

            await _notifications.PublishUpdateAsync(
                resource, s => s with { State = failed, Properties = s.Properties.WithMessage(exception.Message) }).ConfigureAwait(false);
        }
    }

    private async Task BeginAsync(IResource resource, CancellationToken cancellationToken)
    {
        await _eventing.PublishAsync(
            new InitializeResourceEvent(resource, _eventing, Logger(resource), _notifications, _services), cancellationToken).ConfigureAwait(false);

        if (resource is ContainerResource container && !IsProcess(container))
        {
            await ContainerRun.FailAsync(container, _notifications).ConfigureAwait(false);
            return;
        }

        // One that is made of others says itself when it is there.
        if (resource is IResourceWithConnectionString and not ConnectionStringResource)
        {
            await _eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, _services), cancellationToken).ConfigureAwait(false);
        }

        if (_sets.TryGetValue(resource, out var set))
        {
            if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            {
                await set.PublishAsync(new(KnownResourceStates.NotStarted, null)).ConfigureAwait(false);
                return;
            }

            await BeginReplicasAsync(resource, set, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (resource.Annotations.OfType<WaitAnnotation>().Any())
        {
            await _notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting }).ConfigureAwait(false);
            await _notifications.WaitForDependenciesAsync(resource, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BeginReplicasAsync(IResource resource, ReplicaSet set, CancellationToken cancellationToken)
    {
        var awaited = resource.Annotations.OfType<WaitAnnotation>().Select(w => $"'{w.Resource.Name}'").Distinct().ToArray();
        await set.PublishAsync(
            new(awaited.Length > 0 ? KnownResourceStates.Waiting : KnownResourceStates.Starting, null),
            awaited.Length > 0 ? $"Waiting for {string.Join(", ", awaited)}." : null).ConfigureAwait(false);
        try
        {
            await _notifications.WaitForDependenciesAsync(resource, cancellationToken).ConfigureAwait(false);
            await _parameters.WaitAsync(
                resource,
                message => set.PublishAsync(new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn), message),
                Logger(resource),
                cancellationToken).ConfigureAwait(false);
            await _eventing.PublishAsync(new BeforeResourceStartedEvent(resource, _services), cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            await set.PublishAsync(new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error), exception.Message).ConfigureAwait(false);
            return;
        }

        await set.StartAsync().ConfigureAwait(false);
    }

    private async Task StopCoreAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopOrder.StopAsync(_sets).ConfigureAwait(false);
        _discovery?.Dispose();
    }
}
