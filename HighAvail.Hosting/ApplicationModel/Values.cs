namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A value that is known only when the application runs, such as an allocated port or a generated password.</summary>
public interface IValueProvider
{
    /// <summary>The value, once it is known.</summary>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value, or <see langword="null"/> when there is none.</returns>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as the given caller sees it.</summary>
    /// <param name="context">Who asks, and in which mode.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value, or <see langword="null"/> when there is none.</returns>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}

/// <summary>A value that a manifest names by an expression such as <c>{cache.connectionString}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, in braces.</summary>
    string ValueExpression { get; }
}

/// <summary>A value made of other values or resources.</summary>
public interface IValueWithReferences
{
    /// <summary>What the value is made of.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>A value that can be part of a <see cref="ReferenceExpression"/>.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider
{
}

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>The mode in which the application runs.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that asks, if it is one.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The network in which it asks; if it is left out, that of <see cref="Caller"/>.</summary>
    public NetworkIdentifier? Network { get; init; }

    /// <summary>The network in which the value has to make sense.</summary>
    internal NetworkIdentifier NetworkOfCaller => Network ??
        (Caller?.IsContainer() == true ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork : KnownNetworkIdentifiers.LocalhostNetwork);

    /// <summary>The ports that the replica which asks listens on.</summary>
    internal IReadOnlyDictionary<EndpointAnnotation, int>? TargetPorts { get; init; }

    /// <summary>The name of the replica that asks.</summary>
    internal string? Replica { get; init; }
}
