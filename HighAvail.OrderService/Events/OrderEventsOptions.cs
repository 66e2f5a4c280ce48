using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Events;

/// <summary>How clients are told of changes. Section <c>OrderEvents</c>.</summary>
internal sealed record OrderEventsOptions
{
    /// <summary>
    /// How often a replica with open streams looks for changes when nobody wakes it. 250 ms: the same as processing, so that a change is seen
    /// within half a second of its cause even when no announcement arrives.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The least time between two looks. 20 ms: as often as one replica announces, so that many replicas under load do not make each other
    /// look all the time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a silent stream gets a comment. 15 s: proxies commonly cut what is silent for 30 s or 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many streams a replica has open at most; more are answered 503. 5 000: each costs some kilobytes, and one look-up in an index
    /// at every look.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 5_000;
}

[OptionsValidator]
internal sealed partial class OrderEventsOptionsValidator : IValidateOptions<OrderEventsOptions>;
