using Npgsql;

namespace HighAvail.Drill.Systems;

/// <summary>The whole system: started for the drill and stopped with it, or somebody else's that runs already.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    // A machine that has to fetch servers first needs minutes, once.
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(10);

    // What runs already need not be fetched: a replica that is being started again takes seconds.
    private static readonly TimeSpan _attachLimit = TimeSpan.FromMinutes(2);

    // More than any replica may take to stop.
    private static readonly TimeSpan _stopLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);

    private readonly AppHostProcess? _own;
    private readonly IReadOnlyList<ResourceView> _resources;

    private RunningSystem(StateFolder state, ControlClient control, AppHostProcess? own, IReadOnlyList<ResourceView> resources) =>
        (State, Control, _own, _resources) = (state, control, own, resources);

    internal StateFolder State { get; }

    internal ControlClient Control { get; }

    /// <summary>The public door: of the edge where there is one.</summary>
    internal Uri Gateway => Address(_resources.Any(static r => r.Name == "edge") ? "edge" : "gateway", "https");

    /// <summary>Starts the built app host as an isolated instance with empty databases, and waits until everything is healthy.</summary>
    /// <param name="name">The instance's name; two of the same name cannot run at once.</param>
    /// <param name="cancellationToken">Gives up; what was started is stopped.</param>
    /// <param name="options">Of the app host, such as <c>--edge haproxy</c>.</param>
    /// <exception cref="DrillException">It does not start; the message is the host's.</exception>
    internal static async Task<RunningSystem> StartAsync(string name, CancellationToken cancellationToken, params IReadOnlyList<string> options)
    {
        RequireOwnHost();
        var instance = $"--isolated={name}";

        // Runs are compared with each other, so what earlier ones stored must not slow a later one down.
        await AppHostProcess.RunAsync(["reset-data", "--yes", instance], cancellationToken);
        var process = AppHostProcess.Start([instance, "--HighAvail:DisableDashboard=true", .. options]);
        var state = new StateFolder(BuiltAppHost.IsolatedState(name));
        ControlClient? control = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_startLimit);
            control = new(await HostAsync(state, process, limit.Token));
            return new(state, control, process, await UntilHealthyAsync(control, process, limit.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            End();
            throw new DrillException($"The system did not become healthy within {_startLimit.TotalMinutes:0} minutes.", exception);
        }
        catch (DrillException exception) when (exception.InnerException is HttpRequestException)
        {
            End();
            throw new DrillException($"The app host ended:{Environment.NewLine}{process.LastLines}", exception);
        }
        catch
        {
            End();
            throw;
        }

        void End()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            control?.Dispose();
            process.Dispose();
        }
    }

    /// <summary>Uses the system that runs with a state folder, and waits until everything in it is healthy.</summary>
    /// <exception cref="DrillException">None runs there, or it is not healthy in time.</exception>
    internal static Task<RunningSystem> AttachAsync(string stateFolder, CancellationToken cancellationToken) =>
        AttachAsync(stateFolder, _attachLimit, cancellationToken);

    /// <summary>As the other, with a limit of its own.</summary>
    internal static async Task<RunningSystem> AttachAsync(string stateFolder, TimeSpan patience, CancellationToken cancellationToken)
    {
        RequireOwnHost();
        var state = new StateFolder(stateFolder);
        var host = state.ReadHost() ?? throw new DrillException($"No system runs with the state folder {state.Path}.");
        var control = new ControlClient(host);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        IReadOnlyList<ResourceView> seen = [];
        try
        {
            return new(state, control, null, await UntilHealthyAsync(control, null, limit.Token, resources => seen = resources));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            control.Dispose();
            throw new DrillException($"The system did not become healthy within {patience.TotalSeconds:0} s: {Unhealthy(seen)}.", exception);
        }
        catch (DrillException exception) when (exception.InnerException is HttpRequestException)
        {
            control.Dispose();
            throw new DrillException($"The app host (process {host.ProcessId}) does not answer: {exception.InnerException.Message}", exception);
        }
        catch
        {
            control.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_own is { HasExited: false })
            {
                await StopOwnAsync(_own);
            }
        }
        finally
        {
            Control.Dispose();
            _own?.Dispose();
        }
    }

    /// <summary>Waits until every process of the system can be given work.</summary>
    internal Task UntilHealthyAsync(CancellationToken cancellationToken) => UntilHealthyAsync(Control, _own, cancellationToken);

    /// <summary>The address of an endpoint.</summary>
    internal Uri Address(string resource, string? endpoint = null) => new(
        _resources.FirstOrDefault(r => r.Name == resource)?.Endpoints.FirstOrDefault(e => endpoint is null || e.Name == endpoint)?.Url
        ?? throw new DrillException($"The system has no resource '{resource}' with an endpoint{(endpoint is null ? null : $" '{endpoint}'")}."));

    /// <summary>A connection that can only read.</summary>
    internal string ReadOnlyConnectionString(string database)
    {
        var address = Address("postgres");
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = address.Port,
            Username = "postgres",
            Password = State.ReadSecret("postgres-password"),
            Database = database,
            // Or Npgsql answers a failure to connect with a second attempt.
            GssEncryptionMode = GssEncryptionMode.Disable,
            Options = "-c default_transaction_read_only=on",
            ApplicationName = "drill",
        }.ConnectionString;
    }

    private static async Task<HostFile> HostAsync(StateFolder state, AppHostProcess process, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (process.HasExited)
            {
                // Its last lines may still be on their way.
                await process.ExitedAsync(cancellationToken);
                throw new DrillException($"The app host did not start:{Environment.NewLine}{process.LastLines}");
            }

            // Another instance of that name may run already; then this one ends with a message.
            if (state.ReadHost() is { } host && host.ProcessId == process.Id)
            {
                return host;
            }

            await Task.Delay(_pollInterval, cancellationToken);
        }
    }

    private static void RequireOwnHost()
    {
        if (BuiltAppHost.IsAspire)
        {
            throw new DrillException("Use --target: this was built with UseAspire, and only a host of this repository can be started, asked and told to break something.");
        }
    }

    private static string Unhealthy(IReadOnlyList<ResourceView> resources) => resources.Count == 0
        ? "the app host has shown no resource"
        : string.Join(", ", resources.Where(r => !r.IsHealthy).Select(r => r.Replicas.Where(p => !p.IsHealthy).Select(p => $"{p.Name} is {p.State}, {p.Health ?? "without health"}")
            .DefaultIfEmpty($"{r.Name} is {r.State}, {r.Health}")).SelectMany(texts => texts).DefaultIfEmpty("nothing has a process"));

    private static async Task<IReadOnlyList<ResourceView>> UntilHealthyAsync(
        ControlClient control, AppHostProcess? process, CancellationToken cancellationToken, Action<IReadOnlyList<ResourceView>>? show = null)
    {
        while (true)
        {
            if (process is { HasExited: true })
            {
                await process.ExitedAsync(cancellationToken);
                throw new DrillException($"The app host ended:{Environment.NewLine}{process.LastLines}");
            }

            var resources = await control.ResourcesAsync(cancellationToken);
            show?.Invoke(resources);
            if (resources.Any(r => r.Replicas.Count > 0) && resources.All(r => r.IsHealthy))
            {
                return resources;
            }

            await Task.Delay(_pollInterval, cancellationToken);
        }
    }

    private async Task StopOwnAsync(AppHostProcess process)
    {
        using var limit = new CancellationTokenSource(_stopLimit);
        try
        {
            await Control.StopAsync(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or DrillException)
        {
            // Ctrl+C in a terminal reaches it as well: then it is stopping already.
        }

        try
        {
            await process.ExitedAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.ExitedAsync(CancellationToken.None);
        }
    }
}
