namespace HighAvail.Drill.Bench;

/// <summary>How long and how hard is measured.</summary>
/// <param name="Rounds">Rounds per contestant; five, so that a median and a range say something.</param>
/// <param name="WarmUp">Per contestant, not measured; 14 s, after which the hot code of a .NET process is compiled for good.</param>
/// <param name="Duration">Of one round.</param>
/// <param name="Clients">Connections that send at the same time.</param>
internal sealed record BenchOptions(int Rounds, TimeSpan WarmUp, TimeSpan Duration, int Clients);
