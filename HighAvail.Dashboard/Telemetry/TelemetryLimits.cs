using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>
/// How much telemetry is kept, from section <c>Dashboard:TelemetryLimits</c>. Whatever comes beyond takes the place of the oldest.
/// Each count has a limit in bytes beside it: ten thousand traces of a megabyte are no ten thousand traces.
/// </summary>
public sealed record TelemetryLimits
{
    private const long Mebibyte = 1024 * 1024;

    // As fast as a person sees that something moves; a busy system would have pages drawn a hundred times a second.
    internal static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>10 000, as in Aspire's dashboard.</summary>
    [Range(1, 1_000_000)]
    public int MaxLogCount { get; set; } = 10_000;

    /// <summary>48 MiB: ten thousand logs of 5 KiB.</summary>
    [Range(1_000, long.MaxValue)]
    public long MaxLogBytes { get; set; } = 48 * Mebibyte;

    /// <summary>10 000, as in Aspire's dashboard.</summary>
    [Range(1, 1_000_000)]
    public int MaxTraceCount { get; set; } = 10_000;

    /// <summary>96 MiB: ten thousand traces of 10 KiB, which is some twenty spans each.</summary>
    [Range(1_000, long.MaxValue)]
    public long MaxTraceBytes { get; set; } = 96 * Mebibyte;

    /// <summary>10 000: a trace with more is a loop that never ends, and no picture of it helps.</summary>
    [Range(1, 1_000_000)]
    public int MaxSpansPerTrace { get; set; } = 10_000;

    /// <summary>For each instrument and resource. 50 000, as in Aspire's dashboard. A value that does not change is one point for all the time that it does not.</summary>
    [Range(1, 10_000_000)]
    public int MaxMetricsCount { get; set; } = 50_000;

    /// <summary>64 MiB: for a system of six services, whose values come every second, about an hour under load.</summary>
    [Range(1_000, long.MaxValue)]
    public long MaxMetricBytes { get; set; } = 64 * Mebibyte;

    /// <summary>How many combinations of attributes there may be, of all instruments. 20 000: whoever puts ids into attributes fills it, and the memory of nobody.</summary>
    [Range(1, 1_000_000)]
    public int MaxSeriesCount { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class TelemetryLimitsValidator : IValidateOptions<TelemetryLimits>;
