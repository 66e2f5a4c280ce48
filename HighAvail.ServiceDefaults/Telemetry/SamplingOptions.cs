using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Telemetry;

/// <summary>How much is traced while traces are exported, from section <c>Sampling</c>. What ends in an error is, always.</summary>
public sealed record SamplingOptions
{
    /// <summary>
    /// How many traces a replica begins in a second before it begins to choose. 100: more than anybody reads, and few beside the
    /// thousands that a busy replica serves; tracing every one of those costs about a fifth of the throughput.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxTracesPerSecond { get; set; } = 100;

    /// <summary>
    /// Whether who calls decides what is traced. Yes between services, so that traces are whole. Not where anybody can call: every client could have
    /// all that it sends traced.
    /// </summary>
    public bool FollowsCaller { get; set; } = true;

    /// <summary>Which part of the traces beyond that is kept. One in a hundred: enough for an average, and too few to be felt.</summary>
    [Range(0.0, 1.0)]
    public double BusyRatio { get; set; } = 0.01;
}

[OptionsValidator]
internal sealed partial class SamplingOptionsValidator : IValidateOptions<SamplingOptions>;
