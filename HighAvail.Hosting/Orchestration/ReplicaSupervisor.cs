namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// Supervises one replica: starts it, and starts it again when it dies, until it is told to stop.
/// </summary>
internal sealed class ReplicaSupervisor : IAsyncDisposable
{
    private readonly string _name;
    private readonly RestartPolicy _restartPolicy;
    private readonly SupervisionOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ReplicaStatusCell _status;
    private readonly ReplicaLife _life;
    private readonly SemaphoreSlim _commands = new(1, 1);
    private CancellationTokenSource? _stop;
    private Task _supervision = Task.CompletedTask;

    /// <param name="name">The replica's name, such as <c>orders-0</c>.</param>
    /// <param name="driver">Knows what to start and how to probe it.</param>
    /// <param name="launcher">Starts the process.</param>
    /// <param name="restartPolicy">Whether an exit that nobody asked for leads to a restart.</param>
    /// <param name="output">Receives (is standard error, line) for every line of output.</param>
    /// <param name="changed">Receives every status, in order, one at a time. It must return quickly and not call back.</param>
    /// <param name="options">Intervals and limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">The source of jitter.</param>
    public ReplicaSupervisor(
        string name,
        IReplicaDriver driver,
        IProcessLauncher launcher,
        RestartPolicy restartPolicy,
        Action<bool, string> output,
        Action<ReplicaStatus> changed,
        SupervisionOptions options,
        TimeProvider time,
        Random random)
    {
        (_name, _restartPolicy, _options, _time, _random) = (name, restartPolicy, options, time, random);
        _status = new(new() { Name = name, State = ReplicaState.Waiting }, changed);
        _life = new(driver, launcher, restartPolicy, output, _status, options, time);
    }

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
            _life.SystemStops = true;
            _life.HurryStop();
        }

        return InTurnAsync(() =>
        {
            _life.SystemStops |= systemStops;
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
    public Task<bool> KillAsync() => _life.KillAsync(); // Not in turn: it must also end a stop that takes too long.

    /// <summary>Freezes the process. To supervision it is one that does not answer.</summary>
    /// <returns>Whether there was a process that was not paused already.</returns>
    public bool Pause() => _life.SetPaused(true);

    /// <summary>Lets the paused process go on.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Resume() => _life.SetPaused(false);

    public async ValueTask DisposeAsync()
    {
        await StopAsync(systemStops: true);
        _commands.Dispose();
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
        _life.SystemStops = false;
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
        var backoff = new RestartBackoff(_options.Backoff, _random);
        for (var restarts = 0; ; restarts = 1)
        {
            _status.Update(status => new()
            {
                Name = _name,
                State = ReplicaState.Starting,
                Restarts = status.Restarts + restarts,
            });

            // The command that started this must not wait for what follows; but whoever asks after it is told of the new process and not of the last.
            await Task.Yield();
            var end = await _life.LiveAsync(backoff, stop);
            if (end.NeverRestart || _restartPolicy == RestartPolicy.Never || stop.IsCancellationRequested)
            {
                PublishEnd(end, nextRestartAt: null);
                return;
            }

            var delay = backoff.Next();
            PublishEnd(end, _time.GetUtcNow() + delay);
            await Task.Delay(delay, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                _status.Update(status => status with { NextRestartAt = null });
                return;
            }
        }
    }

    private void PublishEnd(ReplicaEnd end, DateTimeOffset? nextRestartAt) => _status.Update(status => status with
    {
        State = end.State,
        Health = ReplicaHealth.Unknown,
        ProcessId = null,
        IsPaused = false,
        ExitCode = end.ExitCode,
        NextRestartAt = nextRestartAt,
        Message = end.Message,
    });
}
