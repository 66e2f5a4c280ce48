namespace HighAvail.Drill.Load;

/// <summary>What a client knows after a request.</summary>
internal enum Outcome
{
    /// <summary>It was answered as the API promises.</summary>
    Ok,

    /// <summary>It was refused, or a question was not answered.</summary>
    Failed,

    /// <summary>A write was not answered, or with a 5xx: it may have been done.</summary>
    Unknown,
}
