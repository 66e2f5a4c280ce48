using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What a wait asks of a snapshot.</summary>
internal static class SnapshotConditions
{
    extension(CustomResourceSnapshot snapshot)
    {
        public bool IsRunning => string.Equals(snapshot.State?.Text, KnownResourceStates.Running, StringComparison.OrdinalIgnoreCase);

        /// <summary>Running and healthy, and told so to those who asked for it.</summary>
        public bool IsReady => snapshot.IsRunning && snapshot.HealthStatus == HealthStatus.Healthy && snapshot.ResourceReadyEvent is not null;

        /// <summary>Failed, ended, or gone wrong at run time: nobody is served by waiting on.</summary>
        public bool IsUnavailable => snapshot.State?.Text is { } state &&
            (KnownResourceStates.TerminalStates.Contains(state, StringComparer.OrdinalIgnoreCase) ||
             string.Equals(state, KnownResourceStates.RuntimeUnhealthy, StringComparison.OrdinalIgnoreCase));

        /// <summary>Ended for good. A process is <c>Exited</c> a moment before its exit code is known.</summary>
        public bool IsEnded => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text, StringComparer.OrdinalIgnoreCase) &&
            (snapshot.State?.Text != KnownResourceStates.Exited || snapshot.ExitCode is not null);

        public string UnavailableReason => snapshot.State?.Text == KnownResourceStates.FailedToStart
            ? "it failed to start"
            : $"it entered the '{snapshot.State?.Text}' state";
    }
}
