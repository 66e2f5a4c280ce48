using HighAvail.Dashboard.Control;

namespace HighAvail.Dashboard.Availability;

/// <summary>What the host's states and events mean on this page.</summary>
internal static class Lights
{
    private const string Good = "good";
    private const string Doubtful = "doubtful";
    private const string Bad = "bad";
    private const string Idle = "idle";

    public static string ToneOf(Replica replica) => (replica.State, replica.Health) switch
    {
        ("Running", null or "Healthy") => Good,
        ("Exited" or "FailedToStart", _) => Bad,
        ("Finished" or "NotStarted", _) => Idle,
        _ => Doubtful,
    };

    /// <summary>Faults somebody asked for and what they led to; not every step of a start.</summary>
    public static bool IsMarked(HostEvent item) => item switch
    {
        { Kind: HostEvent.CommandKind or HostEvent.CommandFailedKind or HostEvent.RestartKind } => true,
        { Kind: HostEvent.StateKind, State: "FailedToStart" or "Paused" } => true,
        { Kind: HostEvent.HealthKind, Health: "Unhealthy" } => true,
        _ => false,
    };

    public static string ToneOf(HostEvent item) => item switch
    {
        { Kind: HostEvent.CommandKind, Command: "kill" or "pause" or "stop" } => Bad,
        { Kind: HostEvent.CommandFailedKind } or { State: "FailedToStart" } or { Kind: HostEvent.HealthKind } => Bad,
        { Kind: HostEvent.RestartKind } => Doubtful,
        _ => Idle,
    };

    /// <summary>The faults that can be made now, and what ends them.</summary>
    public static IEnumerable<ResourceCommand> FaultsOf(Resource resource, Replica replica) => resource.Commands.Where(command => (command.Name, replica.State) switch
    {
        ("kill", "Running" or "Starting" or "Paused") => true,
        ("pause", "Running") => true,
        ("resume", "Paused") => true,
        ("start", "Exited" or "FailedToStart" or "Finished") => true,
        _ => false,
    });
}
