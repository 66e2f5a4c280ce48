namespace HighAvail.Hosting.Control;

/// <summary>A line of output.</summary>
/// <param name="Replica">Who printed it: a replica, or a resource when the host has something to say about it.</param>
/// <param name="Time">When.</param>
/// <param name="IsError">Whether it was printed to the standard error stream.</param>
/// <param name="Text">The line.</param>
/// <param name="LostBefore">How many lines before it this reader was too slow for.</param>
internal sealed record LogEntry(string Replica, DateTimeOffset Time, bool IsError, string Text, long LostBefore);
