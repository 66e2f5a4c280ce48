namespace HighAvail.Hosting.Orchestration;

/// <summary>A command that nothing is wrong with, but that cannot be done with this resource, or not in the state that it is in.</summary>
internal sealed class CommandRefusedException(string message) : DistributedApplicationException(message);
