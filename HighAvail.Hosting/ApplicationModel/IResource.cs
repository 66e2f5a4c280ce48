namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Something the app host describes: a service, a server, a database, a value.</summary>
public interface IResource
{
    /// <summary>The name, unique in the app host regardless of case.</summary>
    string Name { get; }

    /// <summary>Everything that was said about the resource, in the order in which it was said.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A fact about a resource.</summary>
public interface IResourceAnnotation
{
}

/// <summary>A resource that belongs to another one and lives and dies with it.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The owner.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that belongs to another one of a known type.</summary>
/// <typeparam name="T">The type of the owner.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The owner.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource
{
}

/// <summary>A resource whose process is given environment variables.</summary>
public interface IResourceWithEnvironment : IResource
{
}

/// <summary>A resource whose process is given command-line arguments.</summary>
public interface IResourceWithArgs : IResource
{
}

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource
{
}

/// <summary>A resource that is always there, such as a file: nobody waits for it.</summary>
public interface IResourceWithoutLifetime : IResource
{
}

/// <summary>A resource whose endpoints others can look up by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints
{
}

/// <summary>A resource that can be checked by HTTP requests.</summary>
public interface IResourceWithProbes : IResource
{
}

/// <summary>A resource that is reached by a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>The connection string, made of the parts that are known only when the application runs.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The name of the variable that carries the connection string, or <see langword="null"/> for <c>ConnectionStrings__{name}</c>.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The connection string as it is now.</summary>
    /// <param name="cancellationToken">Ends the wait for parts that are not known yet.</param>
    /// <returns>The value, or <see langword="null"/> when there is none.</returns>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    /// <summary>The parts of the connection string by name (<c>Host</c>, <c>Port</c> …), which a reference injects one by one.</summary>
    /// <returns>Names and values, empty when the resource has none.</returns>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);

    // Seen from another network the endpoints in it have other addresses, of which a resource that makes its string itself knows nothing.
    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken) =>
        context.NetworkOfCaller == KnownNetworkIdentifiers.LocalhostNetwork
            ? GetConnectionStringAsync(cancellationToken)
            : ConnectionStringExpression.GetValueAsync(context, cancellationToken);

    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];
}
