namespace HighAvail.Hosting.Orchestration;

/// <summary>Replaces the replicas of a set one at a time, by such as run what is built now, without ever having fewer ready ones than before.</summary>
/// <remarks>
/// One more than usual is started first (a surge of one, as in a Kubernetes deployment with <c>maxSurge: 1, maxUnavailable: 0</c>): it shows
/// whether the new build works at all, stands in for whichever is being replaced, and leaves last.
/// </remarks>
internal sealed class RollingRestart(ReplicaSet set, ReplicaReadiness readiness)
{
    /// <param name="cancellationToken">Ends it after the replica that is being replaced.</param>
    /// <param name="stopped">Cancelled when whoever ends it stops all replicas himself.</param>
    /// <exception cref="DistributedApplicationException">One did not become ready; those that were not replaced yet run on.</exception>
    internal async Task RunAsync(CancellationToken cancellationToken, CancellationToken stopped)
    {
        var readyBefore = set.Replicas.Count(r => r.IsReady);
        var extra = set.Add();
        try
        {
            await ReplaceAsync(extra, readyBefore, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            await LeaveAsync(extra, readyBefore, stopped).ConfigureAwait(false);
            throw;
        }
        catch (ReplicaNotReadyException exception) when (!stopped.IsCancellationRequested)
        {
            var stays = AreEnoughWithout(extra, readyBefore) ? string.Empty : Stays(extra);
            if (stays.Length == 0)
            {
                await set.RemoveSurplusAsync().ConfigureAwait(false);
            }

            throw new DistributedApplicationException(
                $"The rolling restart of '{set.Name}' has stopped. {exception.Message.TrimEnd()}{Environment.NewLine}Replicas that were not replaced yet run on as they are.{stays}",
                exception);
        }

        await LeaveAsync(extra, readyBefore, stopped).ConfigureAwait(false);
    }

    private async Task ReplaceAsync(Replica extra, int readyBefore, CancellationToken cancellationToken)
    {
        await extra.Supervisor.StartAsync().ConfigureAwait(false);
        await readiness.WaitAsync(extra, cancellationToken).ConfigureAwait(false);
        foreach (var replica in set.Replicas.Where(r => r.Number < set.Wanted))
        {
            // Another one may have crashed meanwhile.
            await EnoughWithoutAsync(replica, readyBefore, cancellationToken).ConfigureAwait(false);
            if (replica.Supervisor.Status.IsFinal)
            {
                // Somebody stopped it, and takes up the new build when he starts it.
                continue;
            }

            // What has been shown to work, and not what is in the build folder by now.
            replica.Driver.TakeUpBuildOf(extra.Driver);
            await replica.Supervisor.RestartAsync().ConfigureAwait(false);
            await readiness.WaitAsync(replica, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync(Replica extra, int readyBefore, CancellationToken stopped)
    {
        try
        {
            await EnoughWithoutAsync(extra, readyBefore, stopped).ConfigureAwait(false);
        }
        catch (ReplicaNotReadyException exception)
        {
            throw new DistributedApplicationException(exception.Message + Stays(extra), exception);
        }

        await set.RemoveSurplusAsync().ConfigureAwait(false);
    }

    private string Stays(Replica extra) =>
        $" '{extra.Name}' stays, so that there are not fewer ready ones than before; `scale {set.Name} {set.Wanted}` takes it away.";

    private Task EnoughWithoutAsync(Replica replica, int readyBefore, CancellationToken cancellationToken) =>
        readiness.WaitAsync(set, () => AreEnoughWithout(replica, readyBefore), cancellationToken);

    // What somebody stopped meanwhile is not waited for.
    private bool AreEnoughWithout(Replica replica, int readyBefore)
    {
        var others = set.Replicas.Where(r => r != replica && !r.Supervisor.Status.IsFinal).ToArray();
        return others.Count(r => r.IsReady) >= Math.Min(readyBefore, others.Length);
    }
}
