namespace HighAvail.Hosting.Orchestration;

/// <summary>What is being done with a set of replicas as a whole: one thing at a time, and nothing any more once the application stops.</summary>
/// <param name="resource">The name of the resource.</param>
internal sealed class ReplicaSetOperation(string resource)
{
    private readonly Lock _lock = new();
    private (string What, CancellationTokenSource Stop, Task Ended)? _current;
    private bool _isClosed;

    /// <summary>Does it, if nothing else is being done.</summary>
    /// <param name="what">What the resource is being, such as <c>scaled to 3</c>.</param>
    /// <param name="operation">
    /// Does it. The first token is cancelled when it should end, the second only when that is because all replicas are being stopped: then it
    /// must leave them alone.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandRefusedException">Something else is being done, or the application stops.</exception>
    internal async Task RunAsync(string what, Func<CancellationToken, CancellationToken, Task> operation, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new CancellationTokenSource();
        lock (_lock)
        {
            if (_isClosed)
            {
                throw new CommandRefusedException("The application is stopping.");
            }

            if (_current is { } other)
            {
                throw new CommandRefusedException($"'{resource}' is being {other.What}. Try again when that is done.");
            }

            _current = (what, stop, ended.Task);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cancellationToken);
        try
        {
            await operation(either.Token, stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or DistributedApplicationException)
        {
            throw new DistributedApplicationException($"'{resource}' was stopped while it was being {what}.", exception);
        }
        finally
        {
            lock (_lock)
            {
                _current = null;
            }

            ended.SetResult();
        }
    }

    /// <summary>Cancels what is being done, because all replicas are being stopped.</summary>
    /// <param name="close">Whether nothing may be done any more.</param>
    /// <returns>Completed when it has ended.</returns>
    internal Task EndAsync(bool close)
    {
        (string What, CancellationTokenSource Stop, Task Ended)? current;
        lock (_lock)
        {
            _isClosed |= close;
            current = _current;
        }

        current?.Stop.Cancel();
        return current?.Ended ?? Task.CompletedTask;
    }
}
