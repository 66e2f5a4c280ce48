namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>A server that this machine lacks could not be fetched either. The message says why.</summary>
internal sealed class ProvisioningException(string message, Exception? inner = null) : Exception(message, inner);
