namespace HighAvail.Drill.Bench;

/// <summary>One round of one contestant.</summary>
/// <param name="PerSecond">Requests answered as they should be, per second.</param>
/// <param name="Median">Half of them took no longer, in milliseconds.</param>
/// <param name="P99">Ninety-nine of a hundred took no longer, in milliseconds.</param>
/// <param name="Failed">Requests that failed; anything but 0 makes the round worthless.</param>
internal sealed record Measurement(double PerSecond, double Median, double P99, int Failed);
