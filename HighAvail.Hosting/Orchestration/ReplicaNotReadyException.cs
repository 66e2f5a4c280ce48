namespace HighAvail.Hosting.Orchestration;

/// <summary>A replica was started and did not become ready.</summary>
internal sealed class ReplicaNotReadyException(string message) : DistributedApplicationException(message);
