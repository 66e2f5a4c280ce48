using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Drill.Systems;

namespace HighAvail.Drill.Faults;

/// <summary>Does the steps of a scenario to the running system.</summary>
/// <param name="system">The system.</param>
/// <param name="random">Chooses the replica where any will do.</param>
/// <param name="time">The clock.</param>
/// <param name="mark">Told of each step when it begins.</param>
internal sealed class FaultInjector(RunningSystem system, Random random, TimeProvider time, Action<string> mark)
{
    // A killed process is started again within a second or two; a minute means that it is not.
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(20);

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
    /// <exception cref="DrillException">A step could not be done.</exception>
    internal async Task InjectAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var chosen = new Dictionary<string, string>();
        var toUndo = new Dictionary<string, string>();
        try
        {
            foreach (var step in scenario.Steps)
            {
                await DoAsync(step, chosen, toUndo, cancellationToken);
            }
        }
        finally
        {
            foreach (var (name, command) in toUndo)
            {
                await UndoAsync(name, command);
            }
        }
    }

    private async Task DoAsync(Step step, Dictionary<string, string> chosen, Dictionary<string, string> toUndo, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case WaitStep wait:
                await Task.Delay(wait.Duration, time, cancellationToken);
                break;
            case WaitForStartStep wait:
                foreach (var name in await ResolveAsync(wait.Target, chosen, cancellationToken))
                {
                    await UntilStartsAsync(name, cancellationToken);
                }

                break;
            case EmptyStep empty:
                mark(step.ToString()!);
                await Redis.EmptyAsync(system.Address(empty.Resource).Port, system.State.ReadSecret($"{empty.Resource}-password"), cancellationToken);
                break;
            case ScaleStep scale:
                mark(step.ToString()!);
                using (var arguments = JsonContent.Create(new JsonObject { ["replicas"] = scale.Replicas }))
                {
                    await system.Control.ExecuteAsync(scale.Resource, ScaleStep.Command, arguments, cancellationToken);
                }

                break;
            case CommandStep command:
                var names = await ResolveAsync(command.Target, chosen, cancellationToken);
                if (names.Count == 0)
                {
                    break;
                }

                mark($"{command.Command} {string.Join(", ", names)}");
                NoteUndo(command.Command, names, toUndo);

                // At once, as when a machine that several of them ran on goes away.
                await Task.WhenAll(names.Select(name => system.Control.ExecuteAsync(name, command.Command, cancellationToken)));
                break;
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

    private async Task UndoAsync(string name, string command)
    {
        mark($"{command} {name}");
        try
        {
            await system.Control.ExecuteAsync(name, command, CancellationToken.None);
        }
        catch (DrillException)
        {
            // It was not done in the first place, or supervision was faster.
        }
    }

    private async Task<IReadOnlyList<string>> ResolveAsync(StepTarget target, Dictionary<string, string> chosen, CancellationToken cancellationToken)
    {
        if (target.Selection == Selection.Named)
        {
            return [target.Name];
        }

        var resources = await ResourcesAsync(cancellationToken);
        var replicas = resources.FirstOrDefault(r => r.Name == target.Name)?.Replicas.Select(r => r.Name).ToArray()
            ?? throw new DrillException($"There is no resource '{target.Name}'.");
        if (!chosen.TryGetValue(target.Name, out var one))
        {
            chosen[target.Name] = one = replicas[random.Next(replicas.Length)];
        }

        return target.Selection == Selection.One ? [one] : [.. replicas.Where(r => r != one)];
    }

    private async Task UntilStartsAsync(string replica, CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        while (time.GetElapsedTime(beganAt) < _startLimit)
        {
            var resources = await ResourcesAsync(cancellationToken);
            if (resources.SelectMany(r => r.Replicas).FirstOrDefault(r => r.Name == replica) is { ProcessId: not null, IsHealthy: false })
            {
                return;
            }

            await Task.Delay(_pollInterval, time, cancellationToken);
        }

        throw new DrillException($"'{replica}' was not started again within {_startLimit.TotalSeconds:0} s.");
    }

    private async Task<IReadOnlyList<ResourceView>> ResourcesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await system.Control.ResourcesAsync(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new DrillException($"The app host does not answer: {exception.Message}", exception);
        }
    }
}
