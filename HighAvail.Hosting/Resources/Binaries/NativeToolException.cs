namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A program that prepares something (initdb, for one) could not be run or failed. The message holds the end of what it said.</summary>
internal sealed class NativeToolException(string message, Exception? inner = null) : Exception(message, inner);
