using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What a resource waits for before it starts, told in its log.</summary>
internal sealed partial class DependencyWaits(ResourceNotificationService notifications, ResourceLoggerService loggers)
{
    public async Task WaitAsync(IResource resource, CancellationToken cancellationToken)
    {
        // The first that fails ends the other waits: what waits cannot start any more, and its log should say why at once.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = resource.Annotations.OfType<WaitAnnotation>().Where(w => w.Resource is not IResourceWithoutLifetime).Select(w => WaitAsync(resource, w, ends.Token)).ToList();
        while (waits.Count > 0)
        {
            var ended = await Task.WhenAny(waits).ConfigureAwait(false);
            waits.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
            {
                await ends.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await ended.ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var stops = (wait.WaitBehavior ?? notifications.DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var logger = loggers.GetLogger(resource);
        var name = wait.Resource.Name;
        LogWaiting(logger, name);
        var reached = await notifications.WaitForResourceAsync(
            name,
            e => Ends(wait.WaitType, stops, e.Snapshot),
            $"Resource '{resource.Name}' failed to wait for dependencies before the operation was cancelled.",
            cancellationToken).ConfigureAwait(false);
        if (Problem(wait, reached.Snapshot) is { } problem)
        {
            LogStoppedWaiting(logger, name, problem);
            throw new DistributedApplicationException($"Resource '{resource.Name}' stopped waiting for dependency resource '{name}' because {problem}.");
        }

        if (wait.WaitType == WaitType.WaitUntilHealthy)
        {
            await reached.Snapshot.ResourceReadyEvent!.EventTask.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        LogWaited(logger, name);
    }

    private static bool Ends(WaitType type, bool stops, CustomResourceSnapshot snapshot) => type switch
    {
        WaitType.WaitForCompletion => snapshot.IsEnded,
        WaitType.WaitUntilStarted => snapshot.IsRunning || (stops && snapshot.IsUnavailable),
        _ => snapshot.IsReady || (stops && snapshot.IsUnavailable),
    };

    private static string? Problem(WaitAnnotation wait, CustomResourceSnapshot snapshot)
    {
        if (wait.WaitType != WaitType.WaitForCompletion)
        {
            return snapshot.IsRunning ? null : Prematurely(snapshot);
        }

        if (snapshot.State?.Text == KnownResourceStates.FailedToStart)
        {
            return snapshot.UnavailableReason;
        }

        return (snapshot.ExitCode ?? wait.ExitCode) == wait.ExitCode
            ? null
            : $"it entered the '{snapshot.State?.Text}' state with exit code '{snapshot.ExitCode}', expected '{wait.ExitCode}'";
    }

    private static string Prematurely(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.FailedToStart ? snapshot.UnavailableReason : $"{snapshot.UnavailableReason} prematurely";

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for resource '{ResourceName}'.")]
    private static partial void LogWaiting(ILogger logger, string resourceName);

    [LoggerMessage(Level = LogLevel.Information, Message = "Finished waiting for resource '{ResourceName}'.")]
    private static partial void LogWaited(ILogger logger, string resourceName);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopped waiting for resource '{ResourceName}' because {Reason}.")]
    private static partial void LogStoppedWaiting(ILogger logger, string resourceName, string reason);
}
