using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What can be done with every process: one replica by its name, or all of a resource.</summary>
internal static class ReplicaCommands
{
    internal static void Add(IResource resource, ApplicationOrchestrator orchestrator)
    {
        Add(KnownResourceCommands.StartCommand, "Start", "Start what was stopped", state => !IsUp(state), (set, replica) =>
            set.IsBegun ? set.StartAsync(replica) : orchestrator.BeginExplicitlyAsync(resource));
        Add(KnownResourceCommands.StopCommand, "Stop", "Stop and leave stopped", IsUp, (set, replica) => set.StopAsync(systemStops: false, replica));
        Add(KnownResourceCommands.RestartCommand, "Restart", "Stop and start again", IsUp, (set, replica) => set.RestartAsync(replica));
        AddSignal(KnownResourceCommands.KillCommand, "Kill", "Kill with SIGKILL; supervision starts it again", IsUp, (set, replica) => set.KillAsync(replica));
        AddSignal(
            KnownResourceCommands.PauseCommand,
            "Pause",
            "Freeze with SIGSTOP, as if it hung",
            state => state == KnownResourceStates.Running,
            (set, replica) => set.PauseAsync(replica));
        AddSignal(
            KnownResourceCommands.ResumeCommand,
            "Resume",
            "Let what is paused go on",
            state => state == ReplicaSnapshots.Paused,
            (set, replica) => set.ResumeAsync(replica));

        // What reaches no process was not done: it went away between the look and the signal, or all but one replica are in another state.
        void AddSignal(string name, string displayName, string description, Func<string?, bool> isPossible, Func<ReplicaSet, string?, Task<int>> signal) =>
            Add(name, displayName, description, isPossible, async (set, replica) =>
            {
                if (await signal(set, replica).ConfigureAwait(false) == 0)
                {
                    throw new DistributedApplicationException($"'{replica ?? resource.Name}' is not running: it has no process to {name}.");
                }
            });

        void Add(string name, string displayName, string description, Func<string?, bool> isPossible, Func<ReplicaSet, string?, Task> execute) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(
                name,
                displayName,
                context => isPossible(context.ResourceSnapshot.State?.Text) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
                async context =>
                {
                    var set = orchestrator.Find(resource) ?? throw new DistributedApplicationException("The application is not running.");
                    var replica = set.ReplicaNames.FirstOrDefault(r => string.Equals(r, context.ResourceName, StringComparison.OrdinalIgnoreCase));
                    await execute(set, replica).ConfigureAwait(false);
                    return CommandResults.Success();
                },
                description));
    }

    private static bool IsUp(string? state) =>
        state is KnownResourceStates.Running or KnownResourceStates.Starting or ReplicaSnapshots.Restarting or ReplicaSnapshots.Paused;
}
