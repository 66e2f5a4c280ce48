namespace HighAvail.Drill.Bench;

/// <summary>One of several ways to do the same, measured in turn with the others.</summary>
/// <param name="Name">What it is, as in the table of results.</param>
/// <param name="Send">Sends one request and says whether it was answered as it should be.</param>
/// <param name="Settle">Waits until nothing of a round is left to do, so that it is not done in somebody else's.</param>
internal sealed record Contestant(string Name, Func<CancellationToken, Task<bool>> Send, Func<CancellationToken, Task>? Settle = null);
