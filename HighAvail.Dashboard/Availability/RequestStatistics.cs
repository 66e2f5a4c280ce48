using System.Globalization;
using HighAvail.Dashboard.Metrics;

namespace HighAvail.Dashboard.Availability;

/// <summary>What became of requests, over time: from the histogram that ASP.NET Core has of each service (OpenTelemetry semantic conventions, HTTP metrics).</summary>
/// <param name="Answered">Per second, without those that failed.</param>
/// <param name="Failed">Per second, answered with a status from 500 on, or not at all.</param>
/// <param name="SuccessPercent">Of all.</param>
/// <param name="Median">Seconds.</param>
/// <param name="P99">Seconds.</param>
internal sealed record RequestStatistics(double[] Answered, double[] Failed, double[] SuccessPercent, double[] Median, double[] P99)
{
    /// <summary>The red one.</summary>
    public const int FailureColor = 4;

    private const string Meter = "Microsoft.AspNetCore.Hosting";
    private const string Instrument = "http.server.request.duration";
    private const string Status = "http.response.status_code";
    private const int FirstFailure = 500;

    // The door to the system: what comes back from there is what clients see.
    private const string Gateway = "gateway";

    /// <summary>The services that count requests, the gateway first: also before its first, because those between services are nobody's out there.</summary>
    public static string[] Services(MetricStore metrics) =>
    [
        .. metrics.Instruments().Where(static instrument => instrument is { Meter: Meter, Name: Instrument } or { Resource.Service: Gateway })
            .Select(static instrument => instrument.Resource.Service)
            .Distinct().OrderBy(static service => service != Gateway).ThenBy(static service => service, StringComparer.Ordinal),
    ];

    public static RequestStatistics Read(MetricStore metrics, string service, TimeBins bins)
    {
        var series = metrics.Read(service, Meter, Instrument, bins.From).ToLookup(static one => IsFailure(one));
        var answered = Rate(series[false]);
        // No failure was ever sent as none: there were none while others were.
        var failed = Rate(series[true]);
        for (var i = 0; i < failed.Length; i++)
        {
            failed[i] = double.IsNaN(failed[i]) && !double.IsNaN(answered[i]) ? 0 : failed[i];
            answered[i] = double.IsNaN(answered[i]) && !double.IsNaN(failed[i]) ? 0 : answered[i];
        }

        // Where there were no requests none failed, and there is nothing to be said.
        double[] success = [.. answered.Zip(failed, static (good, bad) => good + bad > 0 ? 100 * good / (good + bad) : double.NaN)];
        var latencies = ChartMath.Quantiles(bins, series.SelectMany(static group => group), 0.5, 0.99);
        return new(answered, failed, success, latencies[0], latencies[1]);

        double[] Rate(IEnumerable<SeriesValues> group) => ChartMath.Rate(bins, group, static increment => increment.Count);
    }

    private static bool IsFailure(SeriesValues series) =>
        !int.TryParse(series.ValueOf(Status), CultureInfo.InvariantCulture, out var status) || status >= FirstFailure;
}
