using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What can be done with every process: one replica by its name, or all of a resource.</summary>
internal static class ReplicaCommands
{
    internal static void Add(IResource resource, ApplicationOrchestrator orchestrator)
    {
        Add(KnownResourceCommands.StartCommand, "Start", "Start what was stopped", isRunning: false, (set, replica) =>
            set.IsBegun ? set.StartAsync(replica) : orchestrator.BeginExplicitlyAsync(resource));
        Add(KnownResourceCommands.StopCommand, "Stop", "Stop and leave stopped", isRunning: true, (set, replica) => set.StopAsync(systemStops: false, replica));
        Add(KnownResourceCommands.RestartCommand, "Restart", "Stop and start again", isRunning: true, (set, replica) => set.RestartAsync(replica));
        Add(KnownResourceCommands.KillCommand, "Kill", "Kill with SIGKILL; supervision starts it again", isRunning: true, async (set, replica) =>
        {
            if (await set.KillAsync(replica).ConfigureAwait(false) == 0)
            {
                throw new DistributedApplicationException($"'{replica ?? resource.Name}' has no process to kill: it is not running.");
            }
        });

        void Add(string name, string displayName, string description, bool isRunning, Func<ReplicaSet, string?, Task> execute) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(
                name,
                displayName,
                context => IsRunning(context.ResourceSnapshot) == isRunning ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
                async context =>
                {
                    var set = orchestrator.Find(resource) ?? throw new DistributedApplicationException("The application is not running.");
                    var replica = set.ReplicaNames.FirstOrDefault(r => string.Equals(r, context.ResourceName, StringComparison.OrdinalIgnoreCase));
                    await execute(set, replica).ConfigureAwait(false);
                    return CommandResults.Success();
                },
                description));
    }

    private static bool IsRunning(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is KnownResourceStates.Running or KnownResourceStates.Starting or ReplicaSnapshots.Restarting;
}
