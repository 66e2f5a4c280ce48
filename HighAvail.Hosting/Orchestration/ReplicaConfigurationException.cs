namespace HighAvail.Hosting.Orchestration;

/// <summary>Thrown by <see cref="IReplicaDriver.PrepareAsync"/> when no retry can help: the model or its configuration is wrong.</summary>
internal sealed class ReplicaConfigurationException(string message, Exception? innerException = null) : Exception(message, innerException);
