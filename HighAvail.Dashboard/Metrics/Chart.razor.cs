using System.Globalization;
using System.Text;
using System.Text.Json;
using HighAvail.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.Metrics;

/// <summary>Lines over time.</summary>
public sealed partial class Chart
{
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    private static readonly double[] _parts = [0, 0.5, 1];

    private ChartScale _scale;
    private string _data = string.Empty;

    /// <summary>What it shows.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>The unit of the values, in UCUM.</summary>
    [Parameter, EditorRequired]
    public string Unit { get; set; } = string.Empty;

    /// <summary>The time.</summary>
    [Parameter, EditorRequired]
    public TimeBins Bins { get; set; }

    /// <summary>The values.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartLine> Lines { get; set; } = [];

    /// <summary>What happened meanwhile.</summary>
    [Parameter]
    public IReadOnlyList<ChartMark> Marks { get; set; } = [];

    /// <summary>The upper end of the axis, if it is given.</summary>
    [Parameter]
    public double? Max { get; set; }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _scale = ChartScale.Of(Unit, Lines, Max);
        _data = JsonSerializer.Serialize(
            new ChartData(
                Bins.From / NanosecondsPerMillisecond,
                Bins.Width / NanosecondsPerMillisecond,
                _scale.Unit,
                [.. Lines.Select(line => new ChartDataLine(line.Name, [.. line.Values.Select(value => double.IsFinite(value) ? (double?)Math.Round(value * _scale.Factor, 3) : null)]))]),
            ChartJson.Default.ChartData);
    }

    private string PathOf(ChartLine line)
    {
        var path = new StringBuilder();
        var isBroken = true;
        for (var i = 0; i < line.Values.Length; i++)
        {
            if (!double.IsFinite(line.Values[i]))
            {
                isBroken = true;
                continue;
            }

            // A value stands in the middle of its part of the time.
            path.Append(CultureInfo.InvariantCulture, $"{(isBroken ? 'M' : 'L')}{i + 0.5:0.#} {100 * (1 - _scale.Place(line.Values[i])):0.##}");
            isBroken = false;
        }

        return path.ToString();
    }

    private string Describe() =>
        $"{Title}: {string.Join(", ", Lines.Select(line => $"{line.Name} {ChartScale.Write(LastOf(line) * _scale.Factor)} {_scale.Unit}"))}";

    private static double LastOf(ChartLine line) => Array.FindLast(line.Values, double.IsFinite) is var last && Array.Exists(line.Values, double.IsFinite) ? last : double.NaN;

    private static string TimeAt(ulong time) => TelemetryTime.ToDateTime(time).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
