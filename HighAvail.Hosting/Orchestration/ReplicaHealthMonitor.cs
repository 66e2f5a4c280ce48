using System.Diagnostics.CodeAnalysis;
using static System.FormattableString;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Probes one running process.</summary>
/// <remarks>
/// Readiness is asked first; liveness only where that did not pass, because a replica that says it is ready is alive: half the requests
/// at rest. A definite no counts at once, a missing answer only at the second in a row.
/// </remarks>
internal sealed class ReplicaHealthMonitor(
    IReplicaDriver driver,
    SupervisionOptions options,
    TimeProvider time,
    Action<ReplicaHealth, string?> report)
{
    private readonly long _startedAt = time.GetTimestamp();
    private bool _wasReady;
    private int _inconclusiveInARow;
    private bool _wasAlive;
    private long? _livenessProbedAt;
    private long? _unresponsiveSince;

    /// <summary>Runs until it is cancelled, or until the process must be replaced; then it returns the reason.</summary>
    public async Task<string> WatchAsync(CancellationToken cancellationToken)
    {
        if (!driver.HasReadinessProbe)
        {
            report(ReplicaHealth.Healthy, null);
            if (!driver.HasLivenessProbe)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            }
        }

        while (true)
        {
            var asked = time.GetTimestamp();
            var ready = driver.HasReadinessProbe && await ProbeReadinessAsync(cancellationToken);
            if (ready)
            {
                _wasAlive = true;
                _unresponsiveSince = null;
            }
            else if (driver.HasLivenessProbe && await ProbeLivenessAsync(asked, cancellationToken) is { } reason)
            {
                return reason;
            }

            var settled = ready || !driver.HasReadinessProbe;
            await Task.Delay(settled ? options.ProbeInterval : options.ProbeIntervalUntilReady, time, cancellationToken);
        }
    }

    private async Task<bool> ProbeReadinessAsync(CancellationToken cancellationToken)
    {
        var result = await ProbeAsync(driver.ProbeReadyAsync, cancellationToken);
        if (result.Outcome == ProbeOutcome.Passed)
        {
            _wasReady = true;
            _inconclusiveInARow = 0;
            report(ReplicaHealth.Healthy, null);
            return true;
        }

        _inconclusiveInARow = result.Outcome == ProbeOutcome.Inconclusive ? _inconclusiveInARow + 1 : 0;
        if (result.Outcome == ProbeOutcome.Failed || _inconclusiveInARow >= 2)
        {
            report(_wasReady ? ReplicaHealth.Unhealthy : ReplicaHealth.Unknown, result.Reason);
        }

        return false;
    }

    /// <summary>Returns why the process must be replaced, or <see langword="null"/>.</summary>
    private async Task<string?> ProbeLivenessAsync(long asked, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (_livenessProbedAt is { } last && time.GetElapsedTime(last, began) < options.ProbeInterval)
        {
            return null;
        }

        _livenessProbedAt = began;
        var result = await ProbeAsync(driver.ProbeAliveAsync, cancellationToken);
        if (result.Outcome == ProbeOutcome.Passed)
        {
            _wasAlive = true;
            _unresponsiveSince = null;
            return null;
        }

        // Silent since the first question that it did not answer, which was the one for readiness.
        _unresponsiveSince ??= asked;
        var (since, limit) = _wasAlive ? (_unresponsiveSince.Value, options.UnresponsiveLimit) : (_startedAt, options.StartUpLimit);
        return time.GetElapsedTime(since) < limit ? null : Invariant($"did not answer for {limit.TotalSeconds:0.#} s: {result.Reason}");
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong in a probe says only that it gave no answer.")]
    private async Task<ProbeResult> ProbeAsync(Func<CancellationToken, Task<ProbeResult>> probe, CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await probe(abandoned.Token).WaitAsync(driver.ProbeTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return ProbeResult.Inconclusive(Invariant($"no answer within {driver.ProbeTimeout.TotalSeconds:0.#} s"));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Inconclusive(exception.Message);
        }
        finally
        {
            await abandoned.CancelAsync();
        }
    }
}
