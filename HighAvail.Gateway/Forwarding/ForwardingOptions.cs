using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Forwarding;

/// <summary>How long and how often a request is tried, from section <c>Forwarding</c>.</summary>
internal sealed record ForwardingOptions
{
    /// <summary>
    /// How long a request may take with all its tries, once its body is here; event streams excepted once they stream. Fifteen seconds: longer than a failover of the database,
    /// shorter than the 20 s after which those who stand before the gateway give up, so that the client gets an answer and not a broken connection.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the body of a request may take to arrive. Ten seconds: a quarter of a megabyte over a poor mobile network; what takes longer holds memory on purpose.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one try may take until its answer begins. Two seconds: far more than any request needs whose service is well, and a second longer than
    /// services wait for a connection or a lock before they say that it is to be repeated.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same where a password is checked. Ten seconds: that is meant to be slow, and whoever comes while others are being checked waits for them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PasswordTryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many tries of one request may break off before their answer. Four: a request that meets several replicas while they die gets
    /// through, and one that is itself what kills them does not kill more than these.
    /// </summary>
    [Range(1, 100)]
    public int MaxLostTries { get; set; } = 4;

    /// <summary>
    /// Which part of the requests may be tried anew at once; all beyond wait as those that are parked. A fifth: one lost replica of two gives fewer lost
    /// tries than that, and when all are lost, repeating at once would multiply the load on what is left.
    /// </summary>
    [Range(0.0, 1.0)]
    public double RetryRatio { get; set; } = 0.2;

    /// <summary>How long a request is parked first; each further time doubles it. 50 ms: a replica that was replaced is found within a few of these.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan ShortestDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long it is parked at most before the next try. Half a second: longer, and whoever was parked when the service came back would wait
    /// for nothing; much shorter, and those who are parked are themselves the load that keeps it from coming back. Where there is no replica at all a
    /// try costs nothing, and comes after 100 ms at most.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many requests may be parked. 4096: forty seconds of a hundred a second, and a few MB of memory.</summary>
    [Range(0, 1_000_000)]
    public int MaxParked { get; set; } = 4096;

    /// <summary>
    /// How long a service may answer nothing at all before those who find no place there are parked instead of refused. A quarter of a second: far longer than
    /// the pauses of one that is busy, and far shorter than it takes until the first try is over.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// For how long after a failed try those who find no place are parked instead of refused. Ten seconds: what waited for the end of an outage is done by then, and what had to start
    /// again no longer takes the machine from those that go on; two cores that were given 100 requests a second needed up to eight.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Aftermath { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many bytes of request bodies are kept, of all requests together. 64 MiB: 256 requests of the largest size, tens of thousands of the usual.
    /// </summary>
    [Range(256 * 1024, int.MaxValue)]
    public int MaxBufferedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long a replica is left out after a connection was refused or a try got no answer. One second: by then whoever probes it has taken it out, or it
    /// was an accident.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan EjectionPeriod { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class ForwardingOptionsValidator : IValidateOptions<ForwardingOptions>;
