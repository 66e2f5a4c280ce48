using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Drill.Systems;

namespace HighAvail.Drill.Faults;

/// <summary>Does the steps of a scenario to the running system.</summary>
/// <param name="system">The system.</param>
/// <param name="random">Chooses the replica where any will do.</param>
/// <param name="patience">How long a step is tried again while the system is not in a state for it, such as a replica that is yet to be started again.</param>
/// <param name="time">The clock.</param>
/// <param name="mark">Told of each step when it begins.</param>
internal sealed class FaultInjector(RunningSystem system, Random random, TimeSpan patience, TimeProvider time, Action<string> mark)
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(100);

    private static readonly Dictionary<string, string> _undoOf = new() { ["pause"] = "resume", ["stop"] = "start" };

    /// <summary>Why the host cannot do a scenario, or <see langword="null"/> if it can.</summary>
    internal static string? WhyNot(Scenario scenario, IReadOnlyList<ResourceView> resources)
    {
        foreach (var step in scenario.Steps)
        {
            var (name, command) = step switch
            {
                CommandStep s => (s.Target.Name, s.Command),
                ScaleStep s => (s.Resource, ScaleStep.Command),
                EmptyStep s => (s.Resource, null),
                WaitForStartStep s => (s.Target.Name, null),
                _ => (null, null),
            };
            if (name is null)
            {
                continue;
            }

            var resource = resources.FirstOrDefault(r => r.Name == name || r.Replicas.Any(replica => replica.Name == name));
            if (resource is null)
            {
                return $"there is no resource or replica '{name}'";
            }

            if (command is not null && resource.Commands.All(c => c.Name != command))
            {
                return $"the host has no command '{command}'";
            }
        }

        return null;
    }

    /// <summary>Does all steps. If it ends early, what was paused or stopped goes on again.</summary>
    /// <exception cref="NotMadeException">The system was not in a state for a step, for too long.</exception>
    /// <exception cref="DrillException">A step could not be done.</exception>
    internal async Task InjectAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var memory = new Memory([], [], []);
        try
        {
            foreach (var step in scenario.Steps)
            {
                await DoAsync(step, memory, cancellationToken);
            }
        }
        finally
        {
            foreach (var (name, command) in memory.ToUndo)
            {
                await UndoAsync(name, command);
            }
        }
    }

    private async Task DoAsync(Step step, Memory memory, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case WaitStep wait:
                await Task.Delay(wait.Duration, time, cancellationToken);
                break;
            case WaitForStartStep wait:
                foreach (var name in await ResolveAsync(wait.Target, memory, cancellationToken))
                {
                    await UntilStartsAsync(name, memory, cancellationToken);
                }

                break;
            case EmptyStep empty:
                mark(step.ToString()!);
                await Redis.EmptyAsync(system.Address(empty.Resource).Port, system.State.ReadSecret($"{empty.Resource}-password"), cancellationToken);
                break;
            case ScaleStep scale:
                mark(step.ToString()!);
                await ExecuteAsync(scale.Resource, ScaleStep.Command, () => JsonContent.Create(new JsonObject { ["replicas"] = scale.Replicas }), cancellationToken);
                break;
            case CommandStep command:
                var names = await ResolveAsync(command.Target, memory, cancellationToken);
                if (names.Count == 0)
                {
                    break;
                }

                mark($"{command.Command} {string.Join(", ", names)}");
                NoteUndo(command.Command, names, memory.ToUndo);
                await NoteProcessesAsync(memory, cancellationToken);

                // At once, as when a machine that several of them ran on goes away.
                await Task.WhenAll(names.Select(name => ExecuteAsync(name, command.Command, null, cancellationToken)));
                break;
        }
    }

    private async Task ExecuteAsync(string name, string command, Func<HttpContent>? arguments, CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        while (true)
        {
            using var content = arguments?.Invoke();
            if (await system.Control.ExecuteAsync(name, command, content, cancellationToken) is not { } reason)
            {
                return;
            }

            // What is running need not be started: supervision was faster.
            if (_undoOf.ContainsValue(command))
            {
                return;
            }

            if (time.GetElapsedTime(beganAt) > patience)
            {
                throw new NotMadeException(reason);
            }

            await Task.Delay(_retryInterval, time, cancellationToken);
        }
    }

    private static void NoteUndo(string command, IReadOnlyList<string> names, Dictionary<string, string> toUndo)
    {
        foreach (var name in names)
        {
            if (_undoOf.TryGetValue(command, out var undo))
            {
                toUndo[name] = undo;
            }
            else if (_undoOf.ContainsValue(command))
            {
                toUndo.Remove(name);
            }
        }
    }

    // By its number, a process that was started again can be told from the one that was killed, which the host may still show for a moment.
    private async Task NoteProcessesAsync(Memory memory, CancellationToken cancellationToken)
    {
        foreach (var replica in (await system.Control.ResourcesAsync(cancellationToken)).SelectMany(r => r.Replicas))
        {
            memory.Processes[replica.Name] = replica.ProcessId;
        }
    }

    private async Task UndoAsync(string name, string command)
    {
        mark($"{command} {name}");
        try
        {
            await system.Control.ExecuteAsync(name, command, null, CancellationToken.None);
        }
        catch (DrillException)
        {
            // Nothing more can be done about it, and what ended the fault early is what has to be told.
        }
    }

    private async Task<IReadOnlyList<string>> ResolveAsync(StepTarget target, Memory memory, CancellationToken cancellationToken)
    {
        if (target.Selection == Selection.Named)
        {
            return [target.Name];
        }

        var resources = await system.Control.ResourcesAsync(cancellationToken);
        var replicas = resources.FirstOrDefault(r => r.Name == target.Name)?.Replicas.Select(r => r.Name).ToArray()
            ?? throw new DrillException($"There is no resource '{target.Name}'.");
        if (!memory.Chosen.TryGetValue(target.Name, out var one))
        {
            memory.Chosen[target.Name] = one = replicas[random.Next(replicas.Length)];
        }

        return target.Selection == Selection.One ? [one] : [.. replicas.Where(r => r != one)];
    }

    private async Task UntilStartsAsync(string name, Memory memory, CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        while (time.GetElapsedTime(beganAt) < patience)
        {
            var resources = await system.Control.ResourcesAsync(cancellationToken);
            var replicas = resources.SelectMany(r => r.Replicas.Where(p => r.Name == name || p.Name == name)).ToArray();
            if (replicas.Length > 0 && replicas.All(r => HasStarted(r, memory)))
            {
                return;
            }

            await Task.Delay(_pollInterval, time, cancellationToken);
        }

        throw new NotMadeException($"'{name}' was not started again within {patience.TotalSeconds:0} s.");
    }

    // Whoever waits without having done anything waits for a process that is not healthy yet; otherwise for another one, which may be quick.
    private static bool HasStarted(ReplicaView replica, Memory memory) => replica.ProcessId is { } id
        && (memory.Processes.TryGetValue(replica.Name, out var before) ? id != before : !replica.IsHealthy);

    /// <summary>What is remembered from step to step of a fault.</summary>
    /// <param name="Chosen">The replica that "one" of a resource means.</param>
    /// <param name="ToUndo">What was paused or stopped, and the command that ends that.</param>
    /// <param name="Processes">The processes of the replicas before the last command.</param>
    private sealed record Memory(Dictionary<string, string> Chosen, Dictionary<string, string> ToUndo, Dictionary<string, int?> Processes);
}
