namespace HighAvail.OrderService.Feed;

/// <param name="Cursor">Up to where the feed is applied; <see langword="null"/> at the beginning of a round.</param>
/// <param name="Round">Counts how often everything is read anew.</param>
internal sealed record FeedPosition(string? Cursor, long Round);
