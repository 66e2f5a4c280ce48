using static System.FormattableString;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Waits until a replica that was just started can be given work, or says why it cannot.</summary>
/// <param name="logs">The output of the replicas.</param>
/// <param name="logFolder">Where people find it.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplicaReadiness(LogStore logs, string logFolder, ReplicaSetOptions options, TimeProvider time)
{
    /// <exception cref="ReplicaNotReadyException">It is stopped, cannot be started, crashes again and again, or takes too long.</exception>
    internal async Task WaitAsync(string name, ReplicaSupervisor supervisor, CancellationToken cancellationToken)
    {
        var crashesBefore = supervisor.Status.Restarts;
        using var limit = new CancellationTokenSource(options.ReadyLimit, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string? late = null;
        ReplicaStatus status;
        try
        {
            status = await supervisor.WaitForAsync(
                s => s.IsReady || s.IsFinal || (s.NextRestartAt is not null && s.Restarts - crashesBefore >= options.MaxCrashes), ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            status = supervisor.Status;
            late = Invariant($" within {options.ReadyLimit.TotalSeconds:0.#} s");
        }

        if (!status.IsReady)
        {
            var why = status.Message is { } message ? $": {message.TrimEnd('.')}" : string.Empty;
            throw new ReplicaNotReadyException($"'{name}' did not become ready{late}{why}.{Log(name)}");
        }
    }

    /// <summary>Waits until so many replicas of a set are ready that it can do without one.</summary>
    /// <exception cref="ReplicaNotReadyException">That takes too long.</exception>
    internal async Task WaitAsync(ReplicaSet set, Func<bool> areEnough, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ReadyLimit, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await set.WaitAsync(areEnough, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReplicaNotReadyException(Invariant($"Fewer replicas of '{set.Name}' than before have been ready for {options.ReadyLimit.TotalSeconds:0.#} s."));
        }
    }

    private string Log(string name)
    {
        // Frames of a stack trace push out what was thrown, which is what people need.
        var lines = logs.For(name).Snapshot().Select(l => l.Text.TrimEnd()).Where(l => l.Length > 0 && !l.StartsWith("   at ", StringComparison.Ordinal)).TakeLast(options.MaxLogLines).ToArray();
        var end = lines.Length == 0 ? " (nothing)" : string.Concat(lines.Select(l => $"{Environment.NewLine}  {l}")) + Environment.NewLine;
        return $" Its log is {Path.Combine(logFolder, name + ".log")}, and ends with:{end}";
    }
}
