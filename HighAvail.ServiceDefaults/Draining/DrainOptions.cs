using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Draining;

/// <summary>How a service leaves, from section <c>Drain</c>.</summary>
public sealed record DrainOptions
{
    /// <summary>
    /// How long the service goes on serving after it has said that it is not ready. One second: the host probes every second at the latest,
    /// is told at once by whoever stops the replica, and discovery reaches every client in under half a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long stopping may take, with the delay. Twenty seconds: the delay, the 15 s of the longest request in the gateway, and a reserve.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

[OptionsValidator]
internal sealed partial class DrainOptionsValidator : IValidateOptions<DrainOptions>;
