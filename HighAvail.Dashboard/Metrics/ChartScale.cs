using System.Globalization;

namespace HighAvail.Dashboard.Metrics;

/// <summary>The unit that the numbers of a chart are written in, and where its axis ends.</summary>
/// <param name="Factor">What values are multiplied with.</param>
/// <param name="Unit">What stands behind them.</param>
/// <param name="Min">The lower end of the axis.</param>
/// <param name="Max">The upper end.</param>
internal readonly record struct ChartScale(double Factor, string Unit, double Min, double Max)
{
    private const double Kibi = 1024;

    /// <summary>A scale on which all values have a place.</summary>
    /// <param name="unit">The unit of the values, in UCUM.</param>
    /// <param name="lines">The values.</param>
    /// <param name="max">The upper end, if it is given.</param>
    public static ChartScale Of(string unit, IReadOnlyList<ChartLine> lines, double? max)
    {
        var values = lines.SelectMany(static line => line.Values).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (lowest, highest) = (values.Min(), values.Max());
        var (factor, name) = (unit, Math.Max(Math.Abs(lowest), Math.Abs(highest))) switch
        {
            ("s", < 1) => (1_000, "ms"),
            ("By", < Kibi) => (1, "B"),
            ("By", < Kibi * Kibi) => (1 / Kibi, "KiB"),
            ("By", < Kibi * Kibi * Kibi) => (1 / (Kibi * Kibi), "MiB"),
            ("By", _) => (1 / (Kibi * Kibi * Kibi), "GiB"),
            ("1", _) => (1.0, string.Empty),
            _ => (1, unit.Trim('{', '}')),
        };
        // With a given end the axis begins where something is to be seen: between 99 and 100 percent, not between 0 and 100.
        return max is { } end
            ? new(factor, name, Math.Min(Floor(lowest * factor, end), end - 1), end)
            : new(factor, name, lowest < 0 ? -Ceiling(-lowest * factor) : 0, Ceiling(highest * factor));
    }

    /// <summary>Where a value lies between the ends, from 0 to 1.</summary>
    public double Place(double value) => Math.Clamp(((value * Factor) - Min) / (Max - Min), 0, 1);

    /// <summary>A value that is multiplied already.</summary>
    public static string Write(double value) => Math.Abs(value) switch
    {
        double.NaN => "–",
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.##} G"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.##} M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#} k"),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    // The next of 1, 2, 4, 5, 8, 10 and so on, all of which have a good half.
    private static double Ceiling(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Array.Find([1.0, 2, 4, 5, 8, 10], step => value <= step * power * 1.0001) * power;
    }

    private static double Floor(double value, double end) => value >= end ? end : end - Ceiling(end - value);
}
