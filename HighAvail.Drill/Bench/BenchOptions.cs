namespace HighAvail.Drill.Bench;

/// <summary>How long and how hard is measured.</summary>
/// <param name="Rounds">Rounds per contestant; five, so that a median and a range say something.</param>
/// <param name="WarmUp">Per contestant, not measured. 14 s at least; where everything shares two busy cores, hot code is compiled for good only after about a minute.</param>
/// <param name="Duration">Of one round.</param>
/// <param name="Clients">Connections that send at the same time.</param>
internal sealed record BenchOptions(int Rounds, TimeSpan WarmUp, TimeSpan Duration, int Clients);
