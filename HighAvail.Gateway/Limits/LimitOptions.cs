using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Limits;

/// <summary>How much one client may send, and how much all may, from section <c>Limits</c>. What clients may send is meant for all gateways together.</summary>
/// <remarks>A limit of requests a second lets twice as many through at once.</remarks>
internal sealed record LimitOptions
{
    /// <summary>How many gateways share the limits. Each grants its part, without asking the others.</summary>
    [Range(1, 1000)]
    public int Gateways { get; set; } = 1;

    /// <summary>
    /// Requests a second that one access token may send. 100: more than any person's program needs, a small part of what the services can do.
    /// </summary>
    [Range(1, 1_000_000)]
    public int PerUser { get; set; } = 100;

    /// <summary>
    /// Requests a second from one address. 400: an office or a mobile network stands behind one. The machine's own addresses are not limited.
    /// </summary>
    [Range(1, 1_000_000)]
    public int PerAddress { get; set; } = 400;

    /// <summary>
    /// Requests a second from one address to <c>/auth</c>. 10: each costs a password check, the dearest thing there is here, and guessing is to be slow.
    /// </summary>
    [Range(1, 1_000_000)]
    public int AuthPerAddress { get; set; } = 10;

    /// <summary>
    /// How many requests this gateway has under way at one service; those that are parked, or whose answer has begun, do not count. 32: two for each connection
    /// to the database that two replicas have, so that none of these ever waits for work; more at once would only wait for each other.
    /// </summary>
    [Range(1, 100_000)]
    public int Concurrency { get; set; } = 32;

    /// <summary>How many wait for one of those to end. 256: a burst of eight times as many.</summary>
    [Range(0, 100_000)]
    public int Queue { get; set; } = 256;

    /// <summary>
    /// How long each of them waits before it is refused, when more have come than can be served for longer than <see cref="BurstTime"/>; whoever has a password
    /// checked waits on. A quarter of a second: those who are let in are answered soon, however many are not.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan QueueTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a place may be free for nobody before that is more than a burst; until then each waits for as long as this. One second: a machine that has a process to
    /// start again, or a gateway that has just been started, is slow for about as long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan BurstTime { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
