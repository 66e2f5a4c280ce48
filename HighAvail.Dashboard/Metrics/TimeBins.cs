namespace HighAvail.Dashboard.Metrics;

/// <summary>A stretch of time in equal parts: as many as a chart has places for.</summary>
/// <param name="From">Nanoseconds since 1970.</param>
/// <param name="Width">Of a part, in nanoseconds.</param>
/// <param name="Count">How many parts.</param>
public readonly record struct TimeBins(ulong From, ulong Width, int Count)
{
    private const int MaxCount = 150;
    private const ulong Second = 1_000_000_000;

    public ulong To => From + (Width * (ulong)Count);

    public double Seconds => Width / (double)Second;

    /// <summary>
    /// The last stretch of a length that is over: what is sent every second has arrived then. Parts begin at whole multiples of their width, so that what
    /// has passed looks the same at every moment.
    /// </summary>
    public static TimeBins Last(TimeSpan length, DateTimeOffset now)
    {
        var width = (ulong)Math.Max(1, Math.Ceiling(length.TotalSeconds / MaxCount)) * Second;
        var count = (int)((ulong)length.TotalSeconds * Second / width);
        var end = Telemetry.TelemetryTime.FromDateTime(now - TimeSpan.FromSeconds(1)) / width * width;
        return new TimeBins(end - (width * (ulong)count), width, count);
    }

    /// <summary>The part that a time lies in; outside there are none.</summary>
    public int? IndexOf(ulong time) => time < From || time >= To ? null : (int)((time - From) / Width);

    /// <summary>Goes through the parts that an increment lies in.</summary>
    /// <returns>Each part and the share of the increment that falls on it.</returns>
    public IEnumerable<(int Index, double Share)> Spread(Increment increment)
    {
        var (from, to) = (Math.Max(increment.From, From), Math.Min(increment.To, To));
        var length = (double)(increment.To - increment.From);
        while (from < to)
        {
            var index = (int)((from - From) / Width);
            var end = Math.Min(to, From + (Width * (ulong)(index + 1)));
            yield return (index, (end - from) / length);
            from = end;
        }
    }
}
