using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Dashboard;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting;

/// <summary>An application of several resources, run on this machine.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly HostArguments _arguments;
    private readonly bool _isIntercepted;
    private bool _started;

    internal DistributedApplication(IHost host, HostArguments arguments, bool isIntercepted)
    {
        _host = host;
        _arguments = arguments;
        _isIntercepted = isIntercepted;
    }

    /// <summary>Everything has ended and is released.</summary>
    internal event Action? Disposed;

    /// <summary>The app host's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The states of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Does what commands say.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    private bool IsPublishMode => Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode;

    /// <summary>Begins to describe an application.</summary>
    /// <returns>Describes it.</returns>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins to describe an application.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>Describes it.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Begins to describe an application.</summary>
    /// <param name="options">How the app host is set up.</param>
    /// <returns>Describes it.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Does what the command line says: runs until someone stops it, or asks something of the running instance.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Does what the command line says: runs until someone stops it, or asks something of the running instance. What goes wrong is printed,
    /// and the process's exit code is 1.
    /// </summary>
    /// <param name="cancellationToken">Stops the application.</param>
    /// <returns>Completed when the application has stopped.</returns>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_isIntercepted)
        {
            // A test started this program; the test starts and stops the application.
            await _host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await using (this.ConfigureAwait(false))
        {
            if (_arguments.Verb.Length == 0 && MisspeltOption.Describe(_arguments.Configuration) is { } problem)
            {
                await Console.Error.WriteLineAsync($"error: {problem}").ConfigureAwait(false);
                Environment.ExitCode = 1;
                return;
            }

            Environment.ExitCode = _arguments.Verb.Length > 0
                ? await CommandLine.InvokeAsync(Services, _arguments.Verb, cancellationToken).ConfigureAwait(false)
                : IsPublishMode
                    ? await PublishRun.RunAsync(Services, Console.Out, Console.Error, cancellationToken).ConfigureAwait(false)
                    : await HostRun.RunAsync(this, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Starts the application. Returns when every resource was set in motion, not when all are ready. An app host that publishes starts nothing.
    /// </summary>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>Completed when everything is under way.</returns>
    /// <exception cref="DistributedApplicationException">It cannot start: a port is taken, or an instance is running already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsPublishMode)
        {
            // There is nothing to start: whoever started it waits for the end, which comes once all is published.
            await _host.StartAsync(cancellationToken).ConfigureAwait(false);
            await PublishRun.PublishAsync(Services, cancellationToken).ConfigureAwait(false);
            Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return;
        }

        // First of all: what follows changes files that a running instance uses.
        await Services.GetRequiredService<HostInstance>().AcquireAsync(cancellationToken).ConfigureAwait(false);
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        _started = true;
        var control = Services.GetRequiredService<ControlApi>().StartAsync(cancellationToken);
        await Services.GetRequiredService<ApplicationOrchestrator>().StartAsync(cancellationToken).ConfigureAwait(false);
        await control.ConfigureAwait(false);
        if (Services.GetRequiredService<DashboardAccess>().LoginUrl is { } dashboard)
        {
            await Services.GetRequiredService<ControlApi>().AnnounceAsync(dashboard, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops every resource, those that others need last.</summary>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    /// <returns>Completed when no process is left.</returns>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (!_started)
        {
            return;
        }

        // The control API can be asked until nothing is left to ask about.
        await Services.GetRequiredService<ApplicationOrchestrator>().StopAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await Services.GetRequiredService<ControlApi>().DisposeAsync().ConfigureAwait(false);
        await _host.StopAsync(cancellationToken).ConfigureAwait(false);
        Services.GetRequiredService<HostInstance>().Dispose();
        _started = false;
    }

    /// <summary>Stops what runs, and releases everything.</summary>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops what runs, and releases everything.</summary>
    /// <returns>Completed when no process is left.</returns>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
        Disposed?.Invoke();
        Disposed = null;
        GC.SuppressFinalize(this);
    }
}
