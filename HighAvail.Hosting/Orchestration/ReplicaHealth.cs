namespace HighAvail.Hosting.Orchestration;

internal enum ReplicaHealth
{
    /// <summary>Not running, or running and not yet ready for the first time.</summary>
    Unknown,

    Healthy,

    Unhealthy,
}
