using System.Reflection;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Dashboard;
using HighAvail.Hosting.Eventing;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Publishing;
using HighAvail.Hosting.Resources;
using HighAvail.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HighAvail.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder" />
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly EntryPointInterception? _interception = EntryPointInterception.Current;
    private readonly DistributedApplicationExecutionContextOptions _executionContext;
    private readonly string? _containerRegistry;
    private readonly bool _hasDashboard;
    private bool _built;

    /// <summary>Begins to describe an application.</summary>
    /// <param name="args">The command line.</param>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Begins to describe an application.</summary>
    /// <param name="options">How the app host is set up.</param>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
        : this(options, configure: null)
    {
    }

    internal DistributedApplicationBuilder(DistributedApplicationOptions options, Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = [], DisableDefaults = true };
        configure?.Invoke(options, settings);
        _interception?.Constructing(options, settings);
        AppHostAssembly = options.Assembly;
        _containerRegistry = options.ContainerRegistryOverride;
        if (_interception is null && ProjectDirectory(AppHostAssembly) is not null)
        {
            DescriptionErrors.PrintInsteadOfCrashing();
        }

        AppHostDirectory = Path.GetFullPath(options.ProjectDirectory ?? ProjectDirectory(AppHostAssembly) ?? System.Environment.CurrentDirectory);

        var arguments = HostArguments.Parse([.. options.Args ?? [], .. settings.Args ?? []]);
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        // A model can be described, and published, for a folder that is not on this machine.
        settings.ContentRootPath ??= Directory.Exists(AppHostDirectory) ? AppHostDirectory : null;
        _host = CreateHost(arguments.Configuration, settings);
        Arguments = arguments;
        _executionContext = new(PublishArguments.Read(Configuration).Operation);
        ExecutionContext = new(_executionContext);
        AppHostIdentity.AddTo(Configuration, AppHostDirectory, AppHostAssembly, Environment.ApplicationName, ExecutionContext.IsPublishMode);
        var state = Path.GetFullPath(Configuration[HostSettings.StateDirectory] ?? HostDirectories.UsualState(AppHostDirectory), AppHostDirectory);
        var startsAny = arguments is { Verb: [], Isolation: "" } && ExecutionContext.IsRunMode;
        (Directories, var taken) = startsAny ? IsolatedState.Take(AppHostDirectory, state) : (IsolatedState.Find(AppHostDirectory, state, arguments.Isolation), null);
        Services.AddSingleton(services => new HostInstance(Directories, services.GetRequiredService<TimeProvider>(), taken));
        if (Directories.Isolation is not null)
        {
            Configuration.AddInMemoryCollection([new(HostSettings.RandomizePorts, bool.TrueString)]);
        }

        Secrets = new(Directories.Secrets);
        var disableDashboard = options.DisableDashboard || Configuration.GetValue<bool>(HostSettings.DisableDashboard);
        _hasDashboard = !disableDashboard && arguments.Verb.Length == 0 && ExecutionContext.IsRunMode;
        AddHostServices(disableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
    }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection();

    internal HostArguments Arguments { get; }

    internal HostDirectories Directories { get; }

    internal SecretStore Secrets { get; }

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (Resources.FirstOrDefault(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) is { } existing)
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        if (_built)
        {
            throw new InvalidOperationException("Build can only be called once.");
        }

        _built = true;
        _interception?.Building(this);
        foreach (var image in Resources.SelectMany(r => r.Annotations.OfType<ContainerImageAnnotation>()))
        {
            image.Registry = _containerRegistry ?? image.Registry;
        }

        if (_hasDashboard)
        {
            DashboardBuilder.AddTo(this);
        }

        WaitCycles.Check(Resources);
        var application = new DistributedApplication(_host.Build(), Arguments, isIntercepted: _interception is not null);
        _executionContext.Services = application.Services;
        _interception?.Built(application);
        return application;
    }

    private static HostApplicationBuilder CreateHost(string[] args, HostApplicationBuilderSettings settings)
    {
        // Only what is used: the default builder also sets up log providers and file watchers, which cost start-up time.
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables("DOTNET_").AddCommandLine(args);
        settings.EnvironmentName ??= configuration[HostDefaults.EnvironmentKey] ?? Environments.Production;
        var host = Host.CreateEmptyApplicationBuilder(settings);
        host.Configuration
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{settings.EnvironmentName}.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args, PublishArguments.Switches);
        return host;
    }

    private static string? ProjectDirectory(Assembly? assembly) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value;

    private void AddHostServices(WaitBehavior waitBehavior)
    {
        Services.AddLogging(logging => logging
            .AddConfiguration(Configuration.GetSection("Logging"))
            .AddFilter((_, level) => level >= LogLevel.Warning)

            // A failed check is a state, and is published as one.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical)

            // What prevents a start is thrown, and printed without its stack trace.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddSimpleConsole(console => console.SingleLine = true));
        Services.AddHealthChecks();
        if (ExecutionContext.IsRunMode)
        {
            Services.AddOptions<HealthCheckServiceOptions>().ValidateOnStart();
            Services.AddSingleton<IValidateOptions<HealthCheckServiceOptions>, RegisteredHealthChecks>();
        }

        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(Directories);
        Services.AddSingleton<IAspireStore>(new StateStore(Directories));
        Services.AddSingleton(Arguments);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton<OtlpReceiver>();
        Services.AddSingleton<DashboardAccess>();
        Services.Configure<ResourceNotificationServiceOptions>(o => o.DefaultWaitBehavior = waitBehavior);
        Services.AddSingleton(services => new LogStore(
            Directories.Logs, new LogOptions(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<LogStore>>()));
        Services.AddSingleton(services => new ResourceLoggerService(services.GetRequiredService<LogStore>()));
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceLoggerService>(),
            services));
        Services.AddSingleton(services => new CertificateAuthority(
            Directories.Pki,
            Resources.OfType<IResourceWithServiceDiscovery>().Where(r => r is not DashboardResource).Select(r => r.Name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<CertificateAuthority>>()));
        Services.AddSingleton(services => new HttpProbe(services.GetRequiredService<CertificateAuthority>().CreateChainPolicy()));
        Services.AddSingleton<ApplicationOrchestrator>();
        Services.AddControl();
    }
}
