namespace HighAvail.Dashboard.Metrics;

/// <summary>What the numbers of an instrument mean.</summary>
internal enum InstrumentKind
{
    /// <summary>A value as it is now.</summary>
    Gauge,

    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A sum that also shrinks.</summary>
    UpDownCounter,

    /// <summary>How many values there were in each range.</summary>
    Histogram,
}
