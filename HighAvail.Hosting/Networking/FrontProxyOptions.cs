using System.ComponentModel.DataAnnotations;

namespace HighAvail.Hosting.Networking;

/// <summary>The limits of a <see cref="FrontProxy"/>.</summary>
internal sealed record FrontProxyOptions
{
    /// <summary>How long a connect to one replica may take: microseconds on loopback, unless it is paused and its backlog full.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client waits for a ready replica: longer than a service takes to restart, shorter than most clients' time-outs.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HoldTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// When the replicas that are said to be ready refused a waiting client, it asks them again after this long. Health checks find a
    /// dead replica within a second; four attempts bridge that without a crowd of waiting clients becoming a load.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many clients may wait at once: as many as the gateway parks. Each costs a file descriptor and a few kilobytes.</summary>
    [Range(0, 100_000)]
    public int MaxHeldConnections { get; init; } = 4_096;
}
