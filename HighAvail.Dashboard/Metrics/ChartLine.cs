namespace HighAvail.Dashboard.Metrics;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Color">Which colour.</param>
/// <param name="Values">A value for each part of the time; NaN where there is none.</param>
public sealed record ChartLine(string Name, int Color, double[] Values);
