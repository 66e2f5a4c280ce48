namespace HighAvail.Hosting.ApplicationModel;

/// <summary>On which of the machine's addresses an endpoint can be reached.</summary>
public enum EndpointBindingMode
{
    /// <summary>On the one that it names.</summary>
    SingleAddress,

    /// <summary>On all.</summary>
    DualStackAnyAddresses,

    /// <summary>On all IPv4 addresses.</summary>
    IPv4AnyAddresses,

    /// <summary>On all IPv6 addresses.</summary>
    IPv6AnyAddresses,
}
