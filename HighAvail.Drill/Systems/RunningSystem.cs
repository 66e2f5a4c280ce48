using Npgsql;

namespace HighAvail.Drill.Systems;

/// <summary>The whole system: started for the drill and stopped with it, or somebody else's that runs already.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    // A machine that has to fetch servers first needs minutes, once.
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(10);

    // More than any replica may take to stop.
    private static readonly TimeSpan _stopLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);

    private readonly AppHostProcess? _own;
    private readonly IReadOnlyList<ResourceView> _resources;

    private RunningSystem(StateFolder state, ControlClient control, AppHostProcess? own, IReadOnlyList<ResourceView> resources) =>
        (State, Control, _own, _resources) = (state, control, own, resources);

    internal StateFolder State { get; }

    internal ControlClient Control { get; }

    /// <summary>The public door.</summary>
    internal Uri Gateway => Address("gateway", "https");

    /// <summary>Starts the built app host as an isolated instance with empty databases, and waits until everything is healthy.</summary>
    /// <param name="name">The instance's name; two of the same name cannot run at once.</param>
    /// <param name="cancellationToken">Gives up; what was started is stopped.</param>
    /// <exception cref="DrillException">It does not start; the message is the host's.</exception>
    internal static async Task<RunningSystem> StartAsync(string name, CancellationToken cancellationToken)
    {
        var instance = $"--isolated={name}";

        // Runs are compared with each other, so what earlier ones stored must not slow a later one down.
        await AppHostProcess.RunAsync(["reset-data", "--yes", instance], cancellationToken);
        var process = AppHostProcess.Start(instance);
        var state = new StateFolder(BuiltAppHost.IsolatedState(name));
        ControlClient? control = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_startLimit);
            control = new(await HostAsync(state, process, limit.Token));
            return new(state, control, process, await UntilHealthyAsync(control, process, limit.Token));
        }
        catch (Exception exception)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            control?.Dispose();
            process.Dispose();
            throw exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
                ? new DrillException($"The system did not become healthy within {_startLimit.TotalMinutes:0} minutes.", exception)
                : exception is HttpRequestException ? new DrillException($"The app host ended:{Environment.NewLine}{process.LastLines}", exception) : exception;
        }
    }

    /// <summary>Uses the system that runs with a state folder, and waits until everything in it is healthy.</summary>
    /// <exception cref="DrillException">None runs there.</exception>
    internal static async Task<RunningSystem> AttachAsync(string stateFolder, CancellationToken cancellationToken)
    {
        var state = new StateFolder(stateFolder);
        var host = state.ReadHost() ?? throw new DrillException($"No system runs with the state folder {state.Path}.");
        var control = new ControlClient(host);
        try
        {
            return new(state, control, null, await UntilHealthyAsync(control, null, cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            control.Dispose();
            throw new DrillException($"The app host (process {host.ProcessId}) does not answer: {exception.Message}", exception);
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

    private static async Task<IReadOnlyList<ResourceView>> UntilHealthyAsync(
        ControlClient control, AppHostProcess? process, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (process is { HasExited: true })
            {
                await process.ExitedAsync(cancellationToken);
                throw new DrillException($"The app host ended:{Environment.NewLine}{process.LastLines}");
            }

            var resources = await control.ResourcesAsync(cancellationToken);
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
