namespace HighAvail.Drill.Audit;

/// <summary>What an audit found.</summary>
internal sealed record AuditResult
{
    /// <summary>Where orders were read.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Orders that were acknowledged; each must be there once.</summary>
    public int Acknowledged { get; init; }

    /// <summary>Orders about which the client knows nothing; each may be there, once.</summary>
    public int Unknown { get; init; }

    /// <summary>Those of them that are there.</summary>
    public int UnknownDone { get; init; }

    /// <summary>Orders that were refused; none may be there.</summary>
    public int Refused { get; init; }

    /// <summary>Orders whose cancelling was acknowledged.</summary>
    public int Cancelled { get; init; }

    /// <summary>Orders whose processing was given up: final, nothing is lost, but somebody has to look.</summary>
    public IReadOnlyList<Guid> SetAside { get; init; } = [];

    /// <summary>How long after the last answer everything was read for the last time.</summary>
    public TimeSpan SettledAfter { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool Holds => Findings.Count == 0;

    internal int CountOf(FindingKind kind) => Findings.Count(f => f.Kind == kind);
}
