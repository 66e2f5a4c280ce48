namespace HighAvail.Hosting.Networking;

/// <summary>What became of the wish to trust an authority, or not to any more.</summary>
/// <param name="Who">Which programs, or which store of theirs.</param>
/// <param name="Result">What was done, or why not and what a person can do.</param>
internal sealed record TrustOutcome(string Who, string Result);
