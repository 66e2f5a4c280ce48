namespace HighAvail.Hosting.Orchestration;

/// <summary>Changes how many replicas there are: all of the new ones, or none.</summary>
internal sealed class ReplicaScaling(ReplicaSet set, ReplicaReadiness readiness)
{
    /// <param name="wanted">How many there should be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="stopped">Cancelled when whoever ends it stops all replicas himself.</param>
    /// <exception cref="DistributedApplicationException">A new one did not become ready; there are as many as before.</exception>
    internal async Task RunAsync(int wanted, CancellationToken cancellationToken, CancellationToken stopped)
    {
        var before = set.Wanted;

        // First, since what a new replica is told may depend on how many there are.
        set.Wanted = wanted;
        try
        {
            // With the build that the others run, which may not be what is built now.
            var running = set.Replicas[0];
            while (set.Replicas.Count < wanted)
            {
                set.Add().Driver.TakeUpBuildOf(running.Driver);
            }

            var added = set.Replicas.Where(r => r.Number >= before && r.Number < wanted).ToArray();
            foreach (var replica in added)
            {
                await replica.Supervisor.StartAsync().ConfigureAwait(false);
            }

            await Task.WhenAll(added.Select(r => readiness.WaitAsync(r, cancellationToken))).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ReplicaNotReadyException)
        {
            set.Wanted = before;
            if (!stopped.IsCancellationRequested)
            {
                await set.RemoveSurplusAsync().ConfigureAwait(false);
            }

            if (exception is ReplicaNotReadyException)
            {
                throw new DistributedApplicationException($"'{set.Name}' stays at {before}. {exception.Message.TrimEnd()}", exception);
            }

            throw;
        }

        await set.RemoveSurplusAsync().ConfigureAwait(false);
    }
}
