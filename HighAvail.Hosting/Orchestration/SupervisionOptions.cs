using System.ComponentModel.DataAnnotations;

namespace HighAvail.Hosting.Orchestration;

internal sealed record SupervisionOptions
{
    /// <summary>
    /// For servers such as Postgres: a crash is seen by the exit of the process, and each probe makes Postgres fork, which at one a second was
    /// the largest single share of the load at rest.
    /// </summary>
    internal static SupervisionOptions ForServers { get; } = new() { ProbeInterval = TimeSpan.FromSeconds(15) };

    // A starting or failing replica is wanted back soon: a quarter of a second is lost at most.
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ProbeIntervalUntilReady { get; init; } = TimeSpan.FromMilliseconds(250);

    // A crash is seen by the exit of the process, not by probes, so these may be rare enough to cost nothing.
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    // Longer than a full garbage collection or a machine busy with a build; a replica that says nothing for so long hangs.
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan UnresponsiveLimit { get; init; } = TimeSpan.FromSeconds(10);

    // A service that migrates its database at the first start, on a slow machine, takes a few seconds; a minute means that it hangs.
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan StartUpLimit { get; init; } = TimeSpan.FromSeconds(60);

    [Required]
    public RestartBackoffOptions Backoff { get; init; } = new();
}
