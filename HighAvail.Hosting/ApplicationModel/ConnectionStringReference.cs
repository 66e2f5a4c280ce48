namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A resource's use of another one's connection string.</summary>
/// <param name="resource">The resource that has it.</param>
/// <param name="optional">Whether it may be missing.</param>
public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IExpressionValue, IValueWithReferences
{
    /// <summary>The resource that has it.</summary>
    public IResourceWithConnectionString Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Whether it may be missing.</summary>
    public bool Optional { get; } = optional;

    string IManifestExpressionProvider.ValueExpression => Resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    /// <summary>The connection string.</summary>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value, or <see langword="null"/> when it is missing and may be.</returns>
    /// <exception cref="DistributedApplicationException">It is missing and must not be.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The connection string as the given caller sees it.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value, or <see langword="null"/> when it is missing and may be.</returns>
    /// <exception cref="DistributedApplicationException">It is missing and must not be.</exception>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        var value = await Resource.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
        return string.IsNullOrEmpty(value) && !Optional
            ? throw new DistributedApplicationException($"The connection string for the resource '{Resource.Name}' is not available.")
            : value;
    }
}
