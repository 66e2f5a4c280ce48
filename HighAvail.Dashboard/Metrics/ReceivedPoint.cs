using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Metrics;

/// <summary>A point as it was sent.</summary>
/// <param name="Instrument">What it is a value of.</param>
/// <param name="Attributes">Its attributes, by name.</param>
/// <param name="Value">The value.</param>
/// <param name="Start">When the sender began to count, nanoseconds since 1970; 0 if it does not say.</param>
/// <param name="IsDifference">Whether it is what came since the last one, instead of since the beginning.</param>
internal sealed record ReceivedPoint(InstrumentDescription Instrument, AttributeValue[] Attributes, MetricPoint Value, ulong Start, bool IsDifference);
