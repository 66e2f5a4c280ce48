namespace HighAvail.Dashboard.Metrics;

/// <summary>Something that happened, on a chart's time line.</summary>
/// <param name="Time">Nanoseconds since 1970.</param>
/// <param name="Text">What happened.</param>
/// <param name="Tone">How it is to be taken: <c>bad</c>, <c>doubtful</c> or <c>idle</c>.</param>
public sealed record ChartMark(ulong Time, string Text, string Tone);
