using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A named endpoint of a resource, which may be described or allocated later.</summary>
[DebuggerDisplay("{Resource.Name}:{EndpointName}")]
public sealed class EndpointReference : IExpressionValue, IValueWithReferences
{
    private EndpointAnnotation? _annotation;

    /// <summary>Refers to an endpoint by name.</summary>
    /// <param name="owner">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    /// <param name="contextNetworkID">The network to see it from; that of whoever asks if left out.</param>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName, NetworkIdentifier? contextNetworkID = null)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(endpointName);
        Resource = owner;
        EndpointName = endpointName;
        ContextNetworkID = contextNetworkID;
    }

    /// <summary>Refers to a known endpoint.</summary>
    /// <param name="owner">The resource.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="contextNetworkID">The network to see it from; that of whoever asks if left out.</param>
    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint, NetworkIdentifier? contextNetworkID = null)
        : this(owner, endpoint?.Name!, contextNetworkID)
    {
        _annotation = endpoint;
    }

    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; }

    /// <summary>The network to see the endpoint from, or <see langword="null"/> for that of whoever asks.</summary>
    public NetworkIdentifier? ContextNetworkID { get; }

    /// <summary>A message to use instead of the usual one when the endpoint does not exist.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The endpoint's description.</summary>
    /// <exception cref="InvalidOperationException">The resource has no endpoint of this name.</exception>
    public EndpointAnnotation EndpointAnnotation => Find() ??
        throw new InvalidOperationException(ErrorMessage ?? $"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    /// <summary>Whether the resource has an endpoint of this name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether the address is known.</summary>
    public bool IsAllocated => FindAllocated() is not null;

    /// <summary>Whether the scheme is http.</summary>
    public bool IsHttp => string.Equals(Scheme, "http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the scheme is https.</summary>
    public bool IsHttps => string.Equals(Scheme, "https", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the endpoint's name is http or https: such an endpoint is looked up by its scheme, so that it is found after a change from one to
    /// the other.
    /// </summary>
    public bool IsHttpSchemeNamedEndpoint =>
        string.Equals(EndpointName, "http", StringComparison.OrdinalIgnoreCase) || string.Equals(EndpointName, "https", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether connections are encrypted.</summary>
    public bool TlsEnabled => Find()?.TlsEnabled ?? false;

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint => Find()?.ExcludeReferenceEndpoint ?? false;

    /// <summary>The stable port.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is not allocated.</exception>
    public int Port => Allocated.Port;

    /// <summary>The port the process listens on, or <see langword="null"/> when each replica has its own.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The host.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is not allocated.</exception>
    public string Host => Allocated.Address;

    /// <summary>The scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The URL without path.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is not allocated.</exception>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => FindAllocated() ??
        throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    /// <summary>A part of the endpoint's address as a value.</summary>
    /// <param name="property">Which part.</param>
    /// <returns>The value.</returns>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <summary>The URL, once it is known.</summary>
    /// <param name="cancellationToken">Ends the wait for the allocation.</param>
    /// <returns>The URL without path.</returns>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(cancellationToken);

    /// <summary>The URL as the given caller sees it, once it is known.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait for the allocation.</param>
    /// <returns>The URL without path.</returns>
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(context, cancellationToken);

    /// <summary>One expression where the endpoint is encrypted, another where it is not; looked at each time the value is asked for.</summary>
    /// <param name="enabledValue">With TLS.</param>
    /// <param name="disabledValue">Without.</param>
    /// <returns>The conditional expression.</returns>
    public ReferenceExpression GetTlsValue(ReferenceExpression enabledValue, ReferenceExpression disabledValue) =>
        ReferenceExpression.CreateConditional(Property(EndpointProperty.TlsEnabled), bool.TrueString, enabledValue, disabledValue);

    private AllocatedEndpoint? FindAllocated()
    {
        var seen = Find()?.AllAllocatedEndpoints.FirstOrDefault(e => e.NetworkID == ContextNetworkID)?.Snapshot.GetValueAsync();
        return seen is { IsCompletedSuccessfully: true } ? seen.Result : Find()?.AllocatedEndpoint;
    }

    private EndpointAnnotation? Find() => _annotation ??= Resource.Annotations.OfType<EndpointAnnotation>()
        .SingleOrDefault(a => string.Equals(a.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}
