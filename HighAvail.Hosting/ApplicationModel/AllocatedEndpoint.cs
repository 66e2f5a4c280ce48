using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Where an endpoint can be reached: the stable address that others use.</summary>
[DebuggerDisplay("{UriString}")]
public sealed class AllocatedEndpoint
{
    /// <summary>Creates the address.</summary>
    /// <param name="endpoint">The endpoint that it belongs to.</param>
    /// <param name="address">Host name or IP address, without port.</param>
    /// <param name="port">TCP port, 1 to 65535.</param>
    /// <param name="targetPortExpression">How the port that a replica listens on is named, when it differs from <paramref name="port"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is out of range.</exception>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
        : this(endpoint, address, port, EndpointBindingMode.SingleAddress, targetPortExpression)
    {
    }

    /// <summary>Creates an address in a certain network.</summary>
    /// <param name="endpoint">The endpoint that it belongs to.</param>
    /// <param name="address">Host name or IP address, without port.</param>
    /// <param name="port">TCP port, 1 to 65535.</param>
    /// <param name="bindingMode">On which of the machine's addresses it can be reached.</param>
    /// <param name="targetPortExpression">How the port that a replica listens on is named, when it differs from <paramref name="port"/>.</param>
    /// <param name="networkId">The network; the endpoint's own if left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is out of range.</exception>
    public AllocatedEndpoint(
        EndpointAnnotation endpoint,
        string address,
        int port,
        EndpointBindingMode bindingMode,
        string? targetPortExpression = null,
        NetworkIdentifier? networkId = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);

        Endpoint = endpoint;
        Address = address;
        Port = port;
        BindingMode = bindingMode;
        TargetPortExpression = targetPortExpression;
        NetworkID = networkId ?? endpoint.DefaultNetworkID;
    }

    /// <summary>The endpoint that the address belongs to.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host name or IP address, without port.</summary>
    public string Address { get; }

    /// <summary>TCP port.</summary>
    public int Port { get; }

    /// <summary>On which of the machine's addresses it can be reached.</summary>
    public EndpointBindingMode BindingMode { get; }

    /// <summary>The network in which it is an address.</summary>
    public NetworkIdentifier NetworkID { get; }

    /// <summary>How the port that a replica listens on is named.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>The scheme of the endpoint, such as <c>https</c>.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Host and port.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>The address as a URL without path.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <summary>The address as a URL without path.</summary>
    public override string ToString() => UriString;
}
