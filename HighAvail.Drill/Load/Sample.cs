namespace HighAvail.Drill.Load;

/// <summary>One request of the load.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Intended">When it was to be sent, since the load began.</param>
/// <param name="Delay">How much later the client itself came to send it.</param>
/// <param name="Latency">From the intended time until the whole answer was there, or was given up: the client's delay is in it.</param>
internal readonly record struct Sample(RequestKind Kind, Outcome Outcome, TimeSpan Intended, TimeSpan Delay, TimeSpan Latency);
