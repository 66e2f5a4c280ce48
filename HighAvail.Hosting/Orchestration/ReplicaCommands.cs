using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Dashboard;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What can be done with every process: one replica by its name, or all of a resource.</summary>
internal static class ReplicaCommands
{
    private static readonly CommandArgument _replicas = new("replicas", 1, new ReplicaSetOptions().MaxReplicas);

    internal static void Add(IResource resource, ApplicationOrchestrator orchestrator)
    {
        Add(KnownResourceCommands.StartCommand, "Start", "Start what was stopped", state => !IsUp(state), (set, replica, _) =>
            set.IsBegun ? set.StartAsync(replica) : orchestrator.BeginExplicitlyAsync(resource));
        Add(KnownResourceCommands.StopCommand, "Stop", "Stop and leave stopped", IsUp, (set, replica, _) => set.StopAsync(systemStops: false, replica));
        Add(KnownResourceCommands.RestartCommand, "Restart", "Stop and start again", IsUp, (set, replica, _) => set.RestartAsync(replica));
        if (WhyOnlyOne(resource) is null)
        {
            AddForSet(
                KnownResourceCommands.RollingRestartCommand,
                "Rolling restart",
                "Stop and start again one by one, never with fewer ready ones than before",
                null,
                (set, context) => set.RollAsync(context.CancellationToken));
            AddForSet(KnownResourceCommands.ScaleCommand, "Scale", "Change how many replicas there are", _replicas, (set, context) => set.ScaleAsync(
                context.Argument ?? throw new DistributedApplicationException(_replicas.Problem(KnownResourceCommands.ScaleCommand, null)), context.CancellationToken));
        }

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
            Add(name, displayName, description, isPossible, async (set, replica, _) =>
            {
                if (await signal(set, replica).ConfigureAwait(false) == 0)
                {
                    throw new CommandRefusedException($"'{replica ?? resource.Name}' is not running: it has no process to {name}.");
                }
            });

        void AddForSet(
            string name, string displayName, string description, CommandArgument? argument, Func<ReplicaSet, ExecuteCommandContext, Task> execute) =>
            Add(name, displayName, description, IsUp, (set, replica, context) => replica is null
                ? execute(set, context)
                : throw new CommandRefusedException($"'{replica}' is one replica: {name} is for all of '{resource.Name}'."), argument);

        void Add(
            string name,
            string displayName,
            string description,
            Func<string?, bool> isPossible,
            Func<ReplicaSet, string?, ExecuteCommandContext, Task> execute,
            CommandArgument? argument = null) =>
            resource.Annotations.Add(new ResourceCommandAnnotation(
                name,
                displayName,
                context => isPossible(context.ResourceSnapshot.State?.Text) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
                async context =>
                {
                    var set = orchestrator.Find(resource) ?? throw new DistributedApplicationException("The application is not running.");
                    var replica = resource.Name.Equals(context.ResourceName, StringComparison.OrdinalIgnoreCase)
                        ? null
                        : set.Replicas.FirstOrDefault(r => r.Name.Equals(context.ResourceName, StringComparison.OrdinalIgnoreCase))?.Name
                            ?? throw new CommandRefusedException($"There is no replica '{context.ResourceName}' any more.");
                    await execute(set, replica, context).ConfigureAwait(false);
                    return CommandResults.Success();
                },
                description,
                confirmationMessage: QuestionBefore(name),
                isHighlighted: name is KnownResourceCommands.StartCommand or KnownResourceCommands.StopCommand or KnownResourceCommands.RestartCommand)
            {
                Argument = argument,
            });
    }

    // Where it hurts: what is under way is lost or hangs.
    private static string? QuestionBefore(string command) => command switch
    {
        KnownResourceCommands.StopCommand => "It stays stopped until someone starts it.",
        KnownResourceCommands.KillCommand => "What it is doing is lost. Supervision starts it again at once.",
        KnownResourceCommands.PauseCommand => "It answers nothing until someone resumes it, or supervision finds that it hangs and replaces it.",
        _ => null,
    };

    /// <summary>Why there can only be one process of a resource, or <see langword="null"/> if there can be several.</summary>
    internal static string? WhyOnlyOne(IResource resource) => resource switch
    {
        DashboardResource => $"'{resource.Name}' runs as one process: it keeps in memory what it receives.",
        ProjectResource when resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => !e.IsProxied) is { } endpoint =>
            $"'{resource.Name}' runs as one process: it listens on its stable address itself (endpoint '{endpoint.Name}'), which two cannot.",
        ProjectResource => null,
        _ => $"'{resource.Name}' runs as one process: only projects can have several.",
    };

    private static bool IsUp(string? state) =>
        state is KnownResourceStates.Running or KnownResourceStates.Starting or ReplicaSnapshots.Restarting or ReplicaSnapshots.Paused;
}
