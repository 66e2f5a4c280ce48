using System.Diagnostics.CodeAnalysis;
using static System.FormattableString;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// The life of one replica: starts it, watches it, and starts it again when it dies, until it is told to stop.
/// </summary>
/// <param name="name">The replica's name, such as <c>orders-0</c>.</param>
/// <param name="driver">Knows what to start and how to probe it.</param>
/// <param name="launcher">Starts the process.</param>
/// <param name="restartPolicy">Whether an exit that nobody asked for leads to a restart.</param>
/// <param name="output">Receives (is standard error, line) for every line of output.</param>
/// <param name="changed">Receives every status, in order, one at a time. It must return quickly and not call back.</param>
/// <param name="options">Intervals and limits.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of jitter.</param>
internal sealed class ReplicaSupervisor(
    string name,
    IReplicaDriver driver,
    IProcessLauncher launcher,
    RestartPolicy restartPolicy,
    Action<bool, string> output,
    Action<ReplicaStatus> changed,
    SupervisionOptions options,
    TimeProvider time,
    Random random) : IAsyncDisposable
{
    private readonly ReplicaStatusCell _status = new(new() { Name = name, State = ReplicaState.Waiting }, changed);
    private readonly SemaphoreSlim _commands = new(1, 1);
    private CancellationTokenSource? _stop;
    private Task _supervision = Task.CompletedTask;
    private volatile bool _systemStops;
    private volatile Running? _running;
    private bool _hasRun;

    public ReplicaStatus Status => _status.Current;

    /// <summary>Waits for a status; one that is passed through quickly is not missed.</summary>
    public Task<ReplicaStatus> WaitForAsync(Func<ReplicaStatus, bool> condition, CancellationToken cancellationToken) =>
        _status.WaitForAsync(condition, cancellationToken);

    /// <summary>Begins supervision, or does nothing when it is under way. Does not wait for the replica to run.</summary>
    public Task StartAsync() => InTurnAsync(StartCoreAsync);

    /// <summary>Ends supervision and waits for the process to be gone. Stopping what is stopped does nothing.</summary>
    /// <param name="systemStops">
    /// Whether everything stops, so that there is nothing to drain for. Also hurries a stop that is under way.
    /// </param>
    public Task StopAsync(bool systemStops)
    {
        if (systemStops)
        {
            _systemStops = true;
            if (_running is { IsStopping: true } running)
            {
                running.Process.Signal(running.Spec.SystemStopSignal);
            }
        }

        return InTurnAsync(() =>
        {
            _systemStops |= systemStops;
            return StopCoreAsync();
        });
    }

    /// <summary>Stops it, then starts it again. Does not count as a restart, and begins with a fresh back-off.</summary>
    public Task RestartAsync() => InTurnAsync(async () =>
    {
        await StopCoreAsync();
        await StartCoreAsync();
    });

    /// <summary>Kills the process and its group and waits until it is gone. To supervision this is a crash like any other.</summary>
    /// <returns>Whether there was a process to kill.</returns>
    public async Task<bool> KillAsync()
    {
        // Not in turn: it must also end a stop that takes too long.
        if (_running is not { } running)
        {
            return false;
        }

        running.Process.Signal(StopSignal.Kill);
        await running.Process.Exited;
        return true;
    }

    /// <summary>Freezes the process. To supervision it is one that does not answer.</summary>
    /// <returns>Whether there was a process that was not paused already.</returns>
    public bool Pause() => SetPaused(true);

    /// <summary>Lets the paused process go on.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Resume() => SetPaused(false);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(systemStops: true);
        _commands.Dispose();
    }

    private bool SetPaused(bool isPaused)
    {
        if (_running is not { IsStopping: false, Process: var process } || Status is not { State: ReplicaState.Running } status || status.IsPaused == isPaused)
        {
            return false;
        }

        if (isPaused)
        {
            process.Pause();
        }
        else
        {
            process.Resume();
        }

        // Unless it has ended meanwhile.
        _status.Update(current => current.ProcessId == process.Id ? current with { IsPaused = isPaused } : current);
        return true;
    }

    private async Task InTurnAsync(Func<Task> command)
    {
        await _commands.WaitAsync();
        try
        {
            await command();
        }
        finally
        {
            _commands.Release();
        }
    }

    private async Task StartCoreAsync()
    {
        if (_stop is not null && !_supervision.IsCompleted)
        {
            return;
        }

        await StopCoreAsync();
        _systemStops = false;
        _stop = new();
        _supervision = SuperviseAsync(_stop.Token);
    }

    private async Task StopCoreAsync()
    {
        if (_stop is null)
        {
            return;
        }

        await _stop.CancelAsync();
        try
        {
            await _supervision;
        }
        finally
        {
            _stop.Dispose();
            _stop = null;
        }
    }

    private async Task SuperviseAsync(CancellationToken stop)
    {
        // The command that started this must not wait for what follows.
        await Task.Yield();
        var backoff = new RestartBackoff(options.Backoff, random);
        for (var restarts = 0; ; restarts = 1)
        {
            _status.Update(status => new()
            {
                Name = name,
                State = ReplicaState.Starting,
                Restarts = status.Restarts + restarts,
            });
            var end = await LiveAsync(backoff, stop);
            if (end.NeverRestart || restartPolicy == RestartPolicy.Never || stop.IsCancellationRequested)
            {
                PublishEnd(end, nextRestartAt: null);
                return;
            }

            var delay = backoff.Next();
            PublishEnd(end, time.GetUtcNow() + delay);
            await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                _status.Update(status => status with { NextRestartAt = null });
                return;
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever prevents a start is told in the status and tried again.")]
    private async Task<End> LiveAsync(RestartBackoff backoff, CancellationToken stop)
    {
        try
        {
            var spec = await driver.PrepareAsync(stop);
            stop.ThrowIfCancellationRequested();
            _running = new(spec, await launcher.StartAsync(spec, output));
            _hasRun = true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new(ReplicaState.Exited, null, "stopped before it had started");
        }
        catch (Exception exception)
        {
            // What ran once is configured well enough: then it is a passing condition, such as a build that is just being replaced.
            var isFinal = !_hasRun && exception is ReplicaConfigurationException or ProcessStartException;
            return new(ReplicaState.FailedToStart, null, exception.Message, isFinal);
        }

        try
        {
            return await RunAsync(_running, backoff, stop);
        }
        finally
        {
            // Only after a fault in here; otherwise it has exited and this does nothing.
            _running.Process.Signal(StopSignal.Kill);
            _running = null;
        }
    }

    private async Task<End> RunAsync(Running running, RestartBackoff backoff, CancellationToken stop)
    {
        var process = running.Process;
        _status.Update(status => status with { State = ReplicaState.Running, ProcessId = process.Id, StartedAt = process.StartedAt });
        var unresponsive = await WatchAsync(process, backoff, stop);
        if (stop.IsCancellationRequested && !process.Exited.IsCompleted)
        {
            return await StopProcessAsync(running);
        }

        if (unresponsive is not null)
        {
            process.Signal(StopSignal.Kill);
        }

        var exitCode = await process.Exited;
        return restartPolicy == RestartPolicy.Never && exitCode == 0
            ? new(ReplicaState.Finished, exitCode, null)
            : new(ReplicaState.Exited, exitCode, unresponsive ?? Invariant($"exited with code {exitCode}"));
    }

    /// <summary>Returns when the process has exited, should stop, or (then with the reason) must be replaced.</summary>
    private async Task<string?> WatchAsync(IRunningProcess process, RestartBackoff backoff, CancellationToken stop)
    {
        long? healthySince = null;
        void Report(ReplicaHealth health, string? reason)
        {
            if (health == ReplicaHealth.Healthy)
            {
                healthySince ??= time.GetTimestamp();
            }
            else
            {
                EndHealthy();
            }

            _status.Update(status => status with { Health = health, Message = reason });
        }

        void EndHealthy()
        {
            if (healthySince is { } since)
            {
                backoff.WasHealthy(time.GetElapsedTime(since));
                healthySince = null;
            }
        }

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = new ReplicaHealthMonitor(driver, options, time, Report).WatchAsync(watching.Token);
        await Task.WhenAny(process.Exited, watch);
        await watching.CancelAsync();
        await ((Task)watch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        EndHealthy();
        return watch switch
        {
            { IsCompletedSuccessfully: true } => await watch,
            { IsFaulted: true } => throw watch.Exception,
            _ => null,
        };
    }

    private async Task<End> StopProcessAsync(Running running)
    {
        var (spec, process) = (running.Spec, running.Process);
        _status.Update(status => status with { State = ReplicaState.Stopping, Health = ReplicaHealth.Unknown, Message = null });
        running.IsStopping = true;
        process.Signal(_systemStops ? spec.SystemStopSignal : spec.StopSignal);
        try
        {
            return new(ReplicaState.Exited, await process.Exited.WaitAsync(spec.StopTimeout, time), "stopped");
        }
        catch (TimeoutException)
        {
            process.Signal(StopSignal.Kill);
            var message = Invariant($"did not stop within {spec.StopTimeout.TotalSeconds:0.#} s and was killed");
            return new(ReplicaState.Exited, await process.Exited, message);
        }
    }

    private void PublishEnd(End end, DateTimeOffset? nextRestartAt) => _status.Update(status => status with
    {
        State = end.State,
        Health = ReplicaHealth.Unknown,
        ProcessId = null,
        IsPaused = false,
        ExitCode = end.ExitCode,
        NextRestartAt = nextRestartAt,
        Message = end.Message,
    });

    private sealed record Running(ProcessSpec Spec, IRunningProcess Process)
    {
        public volatile bool IsStopping;
    }

    private sealed record End(ReplicaState State, int? ExitCode, string? Message, bool NeverRestart = false);
}
