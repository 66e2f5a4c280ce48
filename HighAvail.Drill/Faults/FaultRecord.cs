namespace HighAvail.Drill.Faults;

/// <summary>What was done to the system and when; times count from the beginning of the load.</summary>
internal sealed record FaultRecord
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>When the first step began.</summary>
    public TimeSpan BeganAt { get; init; }

    /// <summary>Until when requests are attributed to it.</summary>
    public TimeSpan EndedAt { get; init; }

    /// <summary>When everything was healthy again, as the host sees it; none if nobody asked, or if that never came.</summary>
    public TimeSpan? HealedAt { get; init; }

    /// <summary>Whether the host was watched until everything was healthy again, or for too long.</summary>
    public bool WasWatched { get; init; }

    /// <summary>Whether requests were answered again before the drill went on.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Why the system cannot be done that to, if so; nothing was done then.</summary>
    public string? NotAvailable { get; init; }

    /// <summary>Why one of its steps could not be done in the state that the system was in; those before it were.</summary>
    public string? NotMade { get; init; }

    /// <summary>What went wrong while it was done.</summary>
    public string? Error { get; init; }

    public IReadOnlyList<Mark> Marks { get; init; } = [];
}

/// <summary>A moment at which something was done.</summary>
internal sealed record Mark(TimeSpan At, string Text);
