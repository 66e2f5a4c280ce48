namespace HighAvail.Hosting.Orchestration;

/// <summary>A process could not be started. The message is for the person at the screen: what failed and what to do.</summary>
internal sealed class ProcessStartException(string message, Exception? innerException = null) : Exception(message, innerException);
