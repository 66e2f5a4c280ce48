using System.CommandLine;

namespace HighAvail.Drill.Bench;

/// <summary><c>bench</c>: what the system can do, measured against a floor.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measures throughput and latency against a floor.");
}
