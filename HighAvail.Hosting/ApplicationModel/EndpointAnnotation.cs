using System.Diagnostics;
using System.Net.Sockets;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource: protocol, scheme, and the ports on both sides of the front proxy.</summary>
[DebuggerDisplay("Endpoint {Name}: {UriScheme}")]
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _transport;
    private int? _port;
    private int? _targetPort;
    private bool _portIsNone;
    private bool _targetPortIsNone;
    private bool? _tlsEnabled;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">Defaults to the protocol's name.</param>
    /// <param name="transport">Defaults to <c>http</c> for http and https, else to the protocol's name.</param>
    /// <param name="name">Defaults to the scheme.</param>
    /// <param name="port">The stable port that others connect to, or <see langword="null"/> for a free one.</param>
    /// <param name="targetPort">The port the process listens on, or <see langword="null"/> for a free one.</param>
    /// <param name="isExternal">Whether the endpoint is public when published.</param>
    /// <param name="isProxied">
    /// Whether a front proxy stands before it, which it does unless said otherwise; without one <paramref name="port"/> is the process's own.
    /// </param>
    /// <exception cref="ArgumentException">The name is not a valid endpoint name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A port is not between 0 and 65535.</exception>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
        : this(protocol, null, uriScheme, transport, name, port, targetPort, isExternal, isProxied)
    {
    }

    /// <summary>Describes an endpoint whose address belongs to a certain network.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="networkId">The network of <see cref="AllocatedEndpoint"/>, or <see langword="null"/> for this machine.</param>
    /// <param name="uriScheme">Defaults to the protocol's name.</param>
    /// <param name="transport">Defaults to <c>http</c> for http and https, else to the protocol's name.</param>
    /// <param name="name">Defaults to the scheme.</param>
    /// <param name="port">The stable port that others connect to, or <see langword="null"/> for a free one.</param>
    /// <param name="targetPort">The port the process listens on, or <see langword="null"/> for a free one.</param>
    /// <param name="isExternal">Whether the endpoint is public when published.</param>
    /// <param name="isProxied">Whether a front proxy stands before it, which it does unless said otherwise.</param>
    /// <exception cref="ArgumentException">The name is not a valid endpoint name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A port is not between 0 and 65535.</exception>
    public EndpointAnnotation(
        ProtocolType protocol,
        NetworkIdentifier? networkId,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        uriScheme ??= ProtocolName(protocol);
        name ??= uriScheme;
        ModelName.ValidateName(nameof(EndpointAnnotation), name);

        Protocol = protocol;
        UriScheme = uriScheme;
        _transport = transport;
        Name = name;
        _port = CheckPort(port);
        _targetPort = CheckPort(targetPort);
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        DefaultNetworkID = networkId ?? KnownNetworkIdentifiers.LocalhostNetwork;
    }

    /// <summary>The name, unique among the endpoints of the resource regardless of case.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>
    /// The stable port that others connect to; <see langword="null"/> is a free one. Without a proxy it is the target port, unless it was set to
    /// <see langword="null"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 65535.</exception>
    public int? Port
    {
        get => _port ?? (IsProxied || _portIsNone ? null : _targetPort);
        set
        {
            _port = CheckPort(value);
            _portIsNone = value is null;
        }
    }

    /// <summary>
    /// The port the process listens on; <see langword="null"/> is a free one for each replica. Without a proxy it is the port, unless it was set
    /// to <see langword="null"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 65535.</exception>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied || _targetPortIsNone ? null : _port);
        set
        {
            _targetPort = CheckPort(value);
            _targetPortIsNone = value is null;
        }
    }

    /// <summary>The scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The address the process listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>What is spoken: <c>http</c>, <c>http2</c>, <c>tcp</c> …</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : ProtocolName(Protocol));
        set => _transport = value;
    }

    /// <summary>Whether the endpoint is public when published.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a front proxy stands before the process.</summary>
    public bool IsProxied
    {
        get => IsExplicitlyProxied ?? true;
        set => IsExplicitlyProxied = value;
    }

    /// <summary>What was said about a front proxy; <see langword="null"/> is nothing.</summary>
    public bool? IsExplicitlyProxied { get; set; }

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether connections are encrypted; follows the scheme unless set.</summary>
    public bool TlsEnabled
    {
        get => _tlsEnabled ?? string.Equals(UriScheme, "https", StringComparison.OrdinalIgnoreCase);
        set => _tlsEnabled = value;
    }

    /// <summary>The network of <see cref="AllocatedEndpoint"/>.</summary>
    public NetworkIdentifier DefaultNetworkID { get; }

    /// <summary>
    /// The address that others use, or <see langword="null"/> before it was allocated. Setting <see langword="null"/> says that there will be none.
    /// </summary>
    /// <exception cref="InvalidOperationException">The address belongs to another network.</exception>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => Allocation.IsValueSet && Allocation.GetValueAsync() is { IsCompletedSuccessfully: true } allocated ? allocated.Result : null;
        set
        {
            if (value is null)
            {
                Allocation.SetException(new InvalidOperationException($"The endpoint `{Name}` is not allocated."));
                return;
            }

            if (value.NetworkID != DefaultNetworkID)
            {
                throw new InvalidOperationException($"The endpoint `{Name}` is one of the network '{DefaultNetworkID}', its address one of '{value.NetworkID}'.");
            }

            Allocation.SetValue(value);
        }
    }

    /// <summary>The addresses in all networks. The host allocates the one on this machine; others are the app host's to add.</summary>
    public NetworkEndpointSnapshotList AllAllocatedEndpoints { get; } = new();

    internal bool FromLaunchProfile { get; set; }

    /// <summary>The variable that tells the process the port to listen on; such an endpoint is not in <c>ASPNETCORE_URLS</c>.</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    private ValueSnapshot<AllocatedEndpoint> Allocation => AllAllocatedEndpoints.In(DefaultNetworkID);

    /// <summary>The address for somebody in the given network: the one on this machine unless there is another one for that network.</summary>
    internal async Task<AllocatedEndpoint> AllocatedInAsync(NetworkIdentifier network, CancellationToken cancellationToken)
    {
        var own = AllAllocatedEndpoints.In(network);
        await Task.WhenAny(own.GetValueAsync(cancellationToken), Allocation.GetValueAsync(cancellationToken)).ConfigureAwait(false);
        return await (own.IsValueSet ? own : Allocation).GetValueAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string ProtocolName(ProtocolType protocol) => protocol == ProtocolType.Udp ? "udp" : "tcp";

    private static int? CheckPort(int? port)
    {
        if (port is < 0 or > 65535)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "A port is a number between 1 and 65535; 0 or none means a free one.");
        }

        return port is 0 ? null : port;
    }
}
