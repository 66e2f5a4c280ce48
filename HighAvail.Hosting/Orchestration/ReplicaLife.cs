using System.Diagnostics.CodeAnalysis;
using static System.FormattableString;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// The processes of one replica, one after another: each from its start to its end, and the signals that it is sent meanwhile.
/// </summary>
/// <param name="driver">Knows what to start and how to probe it.</param>
/// <param name="launcher">Starts the process.</param>
/// <param name="restartPolicy">Whether an exit that nobody asked for leads to a restart.</param>
/// <param name="output">Receives (is standard error, line) for every line of output.</param>
/// <param name="status">Told what becomes of the process.</param>
/// <param name="options">Intervals and limits.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplicaLife(
    IReplicaDriver driver,
    IProcessLauncher launcher,
    RestartPolicy restartPolicy,
    Action<bool, string> output,
    ReplicaStatusCell status,
    SupervisionOptions options,
    TimeProvider time)
{
    private volatile bool _systemStops;
    private volatile Running? _running;
    private bool _hasRun;

    /// <summary>Whether everything stops, so that there is nothing to drain for.</summary>
    public bool SystemStops
    {
        get => _systemStops;
        set => _systemStops = value;
    }

    /// <summary>Ends the draining of a process that is being stopped, since there is nothing to drain for any more.</summary>
    public void HurryStop()
    {
        if (_running is { IsStopping: true } running)
        {
            running.Process.Signal(running.Spec.SystemStopSignal);
        }
    }

    /// <summary>Kills the process and its group and waits until it is gone.</summary>
    /// <returns>Whether there was a process to kill.</returns>
    public async Task<bool> KillAsync()
    {
        if (_running is not { } running)
        {
            return false;
        }

        running.Process.Signal(StopSignal.Kill);
        await running.Process.Exited;
        return true;
    }

    /// <summary>Freezes the process, or lets it go on.</summary>
    /// <returns>Whether there was one that was in the other state.</returns>
    public bool SetPaused(bool isPaused)
    {
        if (_running is not { IsStopping: false, Process: var process } || status.Current is not { State: ReplicaState.Running } known || known.IsPaused == isPaused)
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
        status.Update(current => current.ProcessId == process.Id ? current with { IsPaused = isPaused } : current);
        return true;
    }

    /// <summary>Prepares and starts a process, and returns how it ended.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever prevents a start is told in the status and tried again.")]
    public async Task<ReplicaEnd> LiveAsync(RestartBackoff backoff, CancellationToken stop)
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

    private async Task<ReplicaEnd> RunAsync(Running running, RestartBackoff backoff, CancellationToken stop)
    {
        var process = running.Process;
        status.Update(current => current with { State = ReplicaState.Running, ProcessId = process.Id, StartedAt = process.StartedAt });
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

            status.Update(current => current with { Health = health, Message = reason });
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

    private async Task<ReplicaEnd> StopProcessAsync(Running running)
    {
        var (spec, process) = (running.Spec, running.Process);
        status.Update(current => current with { State = ReplicaState.Stopping, Health = ReplicaHealth.Unknown, Message = null });
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

    private sealed record Running(ProcessSpec Spec, IRunningProcess Process)
    {
        public volatile bool IsStopping;
    }
}
