using static System.FormattableString;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Waits for replicas that were just started, or says why they cannot be given work.</summary>
/// <param name="logs">The output of the replicas.</param>
/// <param name="logFolder">Where people find it.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplicaReadiness(LogStore logs, string logFolder, ReplicaSetOptions options, TimeProvider time)
{
    /// <summary>Waits until a replica can be given work.</summary>
    /// <exception cref="ReplicaNotReadyException">It is stopped, cannot be started, crashes again and again, or takes too long.</exception>
    internal Task WaitAsync(Replica replica, CancellationToken cancellationToken) =>
        WaitAsync(replica.Name, replica.Supervisor, replica.Driver.HasReadinessProbe, cancellationToken);

    /// <summary>Waits until a replica can be given work.</summary>
    /// <param name="name">The replica's name.</param>
    /// <param name="supervisor">Keeps it up.</param>
    /// <param name="isProbed">Whether anybody asks it if it is ready; otherwise only time shows that it does not end at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ReplicaNotReadyException">It is stopped, cannot be started, crashes again and again, or takes too long.</exception>
    internal async Task WaitAsync(string name, ReplicaSupervisor supervisor, bool isProbed, CancellationToken cancellationToken)
    {
        var crashesBefore = supervisor.Status.Restarts;
        using var limit = new CancellationTokenSource(options.ReadyLimit, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            ReplicaStatus status;
            do
            {
                status = await supervisor.WaitForAsync(
                    s => s.IsReady || s.IsFinal || (s.NextRestartAt is not null && s.Restarts - crashesBefore >= options.MaxCrashes), ends.Token).ConfigureAwait(false);
                if (!status.IsReady)
                {
                    throw NotReady(name, string.Empty, status);
                }
            }
            while (!isProbed && await EndsAsync(supervisor, ends.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotReady(name, Invariant($" within {options.ReadyLimit.TotalSeconds:0.#} s"), supervisor.Status);
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

    private async Task<bool> EndsAsync(ReplicaSupervisor supervisor, CancellationToken cancellationToken)
    {
        using var settled = new CancellationTokenSource(options.SettlingTime, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(settled.Token, cancellationToken);
        try
        {
            await supervisor.WaitForAsync(s => !s.IsReady, ends.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private ReplicaNotReadyException NotReady(string name, string late, ReplicaStatus status)
    {
        var why = status.Message is { } message ? $": {message.TrimEnd('.')}" : string.Empty;
        return new($"'{name}' did not become ready{late}{why}.{Log(name)}");
    }

    private string Log(string name)
    {
        var lines = LogExcerpt.Of(logs.For(name).Snapshot().Select(l => l.Text), options.MaxLogLines);
        var what = lines.Length == 0 ? " nothing" : string.Concat(lines.Select(l => $"{Environment.NewLine}  {l}")) + Environment.NewLine;
        return $" Its log is {Path.Combine(logFolder, name + ".log")}, and says:{what}";
    }
}
