using System.ComponentModel.DataAnnotations;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Limits for what is done with a set of replicas as a whole.</summary>
internal sealed record ReplicaSetOptions
{
    // As long as supervision gives a replica to answer at all: one that migrates its database first takes seconds, after a minute it hangs.
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReadyLimit { get; init; } = TimeSpan.FromSeconds(60);

    // Without a health check a process that runs counts as ready, also one that ends at once; .NET's host gives up well within a second.
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SettlingTime { get; init; } = TimeSpan.FromSeconds(1);

    // One crash is a port that somebody else was given, or a kill; a build that crashes at every start is known after a few seconds, not after a minute.
    [Range(0, 100)]
    public int MaxCrashes { get; init; } = 3;

    // Each takes some 100 MB and, with a database, a dozen connections. It is for those who type 30 for 3, not a limit of the design.
    [Range(1, 1000)]
    public int MaxReplicas { get; init; } = 16;

    // Enough for what a program says when it gives up, and still a message.
    [Range(1, 100)]
    public int MaxLogLines { get; init; } = 5;
}
