namespace HighAvail.Drill.Systems;

/// <summary>What the drill reads of a resource that the control API shows.</summary>
internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string? Health,
    IReadOnlyList<EndpointView> Endpoints,
    IReadOnlyList<ReplicaView> Replicas,
    IReadOnlyList<CommandView> Commands)
{
    /// <summary>Whether every process of it can be given work; a database or parameter has none and counts as its server does.</summary>
    internal bool IsHealthy => Replicas.Count == 0 ? Health is null or "Healthy" : Replicas.All(r => r.IsHealthy);
}

/// <summary>One process of a resource.</summary>
internal sealed record ReplicaView(string Name, string State, string? Health, int? ProcessId, int Restarts)
{
    internal bool IsHealthy => State == "Running" && Health == "Healthy";
}

internal sealed record EndpointView(string Name, string Url);

internal sealed record CommandView(string Name);

/// <summary>What an answer with an error says.</summary>
internal sealed record ProblemView(string? Detail);
