namespace HighAvail.Dashboard.Control;

/// <summary>Something that happened to a resource or replica.</summary>
internal sealed record HostEvent
{
    public const string StateKind = "state";
    public const string HealthKind = "health";
    public const string RestartKind = "restart";
    public const string CommandKind = "command";
    public const string CommandFailedKind = "commandFailed";

    /// <summary>Counts from 1 in each run of the host.</summary>
    public required long Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>One of the constants above.</summary>
    public required string Kind { get; init; }

    public required string Resource { get; init; }

    public string? Replica { get; init; }

    public string? State { get; init; }

    public string? Health { get; init; }

    public int? Restarts { get; init; }

    public int? ExitCode { get; init; }

    public string? Command { get; init; }

    public string? Message { get; init; }

    /// <summary>What happened, for people.</summary>
    public string Describe() => Kind switch
    {
        CommandKind => $"Command: {Command}",
        CommandFailedKind => $"Command failed: {Command}",
        RestartKind => $"Started again, the {Ordinal(Restarts ?? 0)} time",
        HealthKind => Health ?? "No health",
        _ => Health is null ? State ?? string.Empty : $"{State} ({Health})",
    };

    private static string Ordinal(int number) => (number % 100, number % 10) switch
    {
        ( >= 11 and <= 13, _) => $"{number}th",
        (_, 1) => $"{number}st",
        (_, 2) => $"{number}nd",
        (_, 3) => $"{number}rd",
        _ => $"{number}th",
    };
}
