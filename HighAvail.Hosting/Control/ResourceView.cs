using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Control;

/// <summary>A resource as the control API shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The kind: <c>Project</c>, <c>PostgresServer</c> …</param>
/// <param name="State">See <see cref="ResourceSummary"/>.</param>
/// <param name="Health"><c>Healthy</c>, <c>Degraded</c>, <c>Unhealthy</c>, or none while nothing runs.</param>
/// <param name="Message">Why it is in this state, where that is not obvious.</param>
/// <param name="Endpoints">The stable addresses.</param>
/// <param name="Replicas">The processes; none for what is not a process, such as a database.</param>
/// <param name="References">The resources whose addresses or connection strings it is given.</param>
/// <param name="WaitsFor">The resources that must be there before it starts.</param>
/// <param name="Environment">What the host gives to its processes; secrets are masked.</param>
/// <param name="Commands">What can be done with it.</param>
/// <param name="Parent">The resource it is in, as a database is in a server.</param>
/// <param name="Source">What it runs: a project's file, or a program.</param>
/// <param name="Links">Addresses that the app host names for people.</param>
/// <param name="HealthChecks">How its health is known, of each replica.</param>
internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string? Health,
    string? Message,
    IReadOnlyList<EndpointView> Endpoints,
    IReadOnlyList<ReplicaView> Replicas,
    IReadOnlyList<string> References,
    IReadOnlyList<string> WaitsFor,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<CommandView> Commands,
    string? Parent,
    string? Source,
    IReadOnlyList<EndpointView> Links,
    IReadOnlyList<HealthCheckView> HealthChecks);

/// <summary>A replica as the control API shows it.</summary>
/// <param name="Name">Its name, such as <c>orders-0</c>; that of the resource where there is only ever one.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Health"><c>Healthy</c>, <c>Unhealthy</c>, or none while it does not run.</param>
/// <param name="ProcessId">Its process, while there is one.</param>
/// <param name="Restarts">How often supervision started it again.</param>
/// <param name="StartedAt">When it started last.</param>
/// <param name="ExitCode">How the last process ended.</param>
/// <param name="NextRestartAt">When supervision tries again.</param>
/// <param name="Message">Why it is in this state, where that is not obvious.</param>
/// <param name="Endpoints">The addresses of this replica alone.</param>
internal sealed record ReplicaView(
    string Name,
    string State,
    string? Health,
    int? ProcessId,
    int Restarts,
    DateTimeOffset? StartedAt,
    int? ExitCode,
    DateTimeOffset? NextRestartAt,
    string? Message,
    IReadOnlyList<EndpointView> Endpoints);

/// <summary>An address.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The address.</param>
internal sealed record EndpointView(string Name, string Url);

/// <summary>Something that can be done.</summary>
/// <param name="Name">The name to ask for it by.</param>
/// <param name="DisplayName">What people see.</param>
/// <param name="Description">What it does.</param>
/// <param name="IsEnabled">Whether it can be done now.</param>
/// <param name="ConfirmationMessage">What to ask before.</param>
/// <param name="IsHighlighted">Whether it is among the first that people see.</param>
/// <param name="Argument">The number that it must be given, if it takes one.</param>
internal sealed record CommandView(
    string Name, string DisplayName, string? Description, bool IsEnabled, string? ConfirmationMessage, bool IsHighlighted, CommandArgument? Argument);

/// <summary>The last result of a health check.</summary>
/// <param name="Name">The check's name.</param>
/// <param name="Replica">Which replica was asked; none for what is not a process.</param>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c>, <c>Unhealthy</c>, or none before the first result.</param>
/// <param name="Message">What there is to say about it.</param>
/// <param name="Since">When this became the result.</param>
internal sealed record HealthCheckView(string Name, string? Replica, string? Status, string? Message, DateTimeOffset? Since);

/// <summary>What a replica's processes use.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="ProcessId">The process that the host started.</param>
/// <param name="CpuSeconds">Processor time since it started, with that of the processes which it started.</param>
/// <param name="MemoryBytes">Physical memory, likewise; what they share counts once.</param>
internal sealed record ProcessView(string Replica, int ProcessId, double CpuSeconds, long MemoryBytes);
