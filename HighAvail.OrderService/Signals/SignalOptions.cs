using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Signals;

/// <summary>How replicas wake each other. Section <c>OrderSignals</c>.</summary>
internal sealed record SignalOptions
{
    /// <summary>
    /// The least time between two announcements of a replica. 20 ms: nobody notices it, and fifty a second cost next to nothing, where one
    /// with every order would take a lock that all commits share.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan AnnounceInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long the listener waits before it connects again, and before this replica announces again after a failure. One second: until then
    /// polling finds everything a quarter of a second later.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class SignalOptionsValidator : IValidateOptions<SignalOptions>;
