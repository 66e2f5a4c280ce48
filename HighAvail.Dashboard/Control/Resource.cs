using System.Text.Json.Serialization;

namespace HighAvail.Dashboard.Control;

/// <summary>A resource as the host's control API shows it.</summary>
public sealed record Resource
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required string State { get; init; }

    /// <summary><c>Healthy</c>, <c>Degraded</c>, <c>Unhealthy</c>, or none while nothing runs.</summary>
    public string? Health { get; init; }

    /// <summary>Why it is in this state, where that is not obvious.</summary>
    public string? Message { get; init; }

    /// <summary>The resource it is in, as a database is in a server.</summary>
    public string? Parent { get; init; }

    /// <summary>What it runs: a project's file, or a program.</summary>
    public string? Source { get; init; }

    public IReadOnlyList<Address> Endpoints { get; init; } = [];

    /// <summary>Addresses that the app host names for people.</summary>
    public IReadOnlyList<Address> Links { get; init; } = [];

    /// <summary>The processes; none for what is not a process.</summary>
    public IReadOnlyList<Replica> Replicas { get; init; } = [];

    public IReadOnlyList<string> References { get; init; } = [];

    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>What the host gives to its processes; secrets are masked.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ResourceCommand> Commands { get; init; } = [];

    public IReadOnlyList<HealthCheck> HealthChecks { get; init; } = [];

    /// <summary>Whether it is shown as several: as a line of its own and a line for each replica.</summary>
    [JsonIgnore]
    public bool HasReplicas => Replicas.Count > 1;
}

/// <summary>One of a resource's processes.</summary>
public sealed record Replica
{
    public required string Name { get; init; }

    public required string State { get; init; }

    public string? Health { get; init; }

    public int? ProcessId { get; init; }

    /// <summary>How often supervision started it again.</summary>
    public int Restarts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>When supervision tries again.</summary>
    public DateTimeOffset? NextRestartAt { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<Address> Endpoints { get; init; } = [];
}

/// <summary>An address and what it is called.</summary>
public sealed record Address(string Name, string Url)
{
    /// <summary>Whether a browser can open it.</summary>
    [JsonIgnore]
    public bool IsWeb => Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}

/// <summary>Something that can be done with a resource.</summary>
public sealed record ResourceCommand
{
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    public string? Description { get; init; }

    public bool IsEnabled { get; init; }

    public string? ConfirmationMessage { get; init; }

    public bool IsHighlighted { get; init; }

    public CommandArgument? Argument { get; init; }
}

/// <summary>A number that a command must be given.</summary>
public sealed record CommandArgument(string Name, int Minimum, int Maximum);

/// <summary>The last result of a health check.</summary>
public sealed record HealthCheck(string Name, string? Replica, string? Status, string? Message, DateTimeOffset? Since);

/// <summary>What a replica's processes use: processor time since they started, and physical memory.</summary>
public sealed record ProcessSample(string Replica, int ProcessId, double CpuSeconds, long MemoryBytes);

/// <summary>A line that a replica printed, or that the host says about it.</summary>
public sealed record LogLine(string Replica, DateTimeOffset Time, bool IsError, string Text, long LostBefore);
