namespace HighAvail.Hosting.Orchestration;

/// <summary>One line of a replica's output. The sequence counts from 1 without gaps.</summary>
internal sealed record LogLine(long Sequence, DateTimeOffset Timestamp, bool IsError, string Text)
{
    /// <summary>How many lines this reader missed just before this one, because it was too slow or came too late.</summary>
    public long LostBefore { get; init; }
}
