namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A program this system needs is not on this machine. The message names what was tried and the command that fixes it.</summary>
internal sealed class BinaryNotFoundException(string message) : Exception(message);
