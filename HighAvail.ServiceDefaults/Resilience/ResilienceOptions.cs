using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Resilience;

/// <summary>Time-outs of calls from one service to another, from section <c>Resilience</c>.</summary>
public sealed record ResilienceOptions
{
    /// <summary>
    /// How long connecting may take. One second: inside one network a connection takes milliseconds, and one lost SYN is repeated after one second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one attempt may take. Two seconds: the same as a try in the gateway, so that neither gives up on what the other still waits for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a call may take with all its attempts. Ten seconds: four attempts, and still shorter than the 15 s of a whole request in the gateway.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>;
