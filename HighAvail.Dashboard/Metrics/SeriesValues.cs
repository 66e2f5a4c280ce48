using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Metrics;

/// <summary>A copy of a series, for a picture of it.</summary>
internal sealed record SeriesValues(InstrumentDescription Instrument, AttributeValue[] Attributes, MetricPoint[] Points)
{
    public string? ValueOf(string attribute)
    {
        foreach (var (name, value) in Attributes)
        {
            if (name == attribute)
            {
                return value;
            }
        }

        return null;
    }
}
