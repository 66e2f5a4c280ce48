using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;

namespace HighAvail.Hosting;

/// <summary>Lets a resource use others: what it needs to reach them is put into its environment.</summary>
public static class ReferenceBuilderExtensions
{
    /// <summary>Injects the connection string of a resource, and its parts one by one.</summary>
    /// <typeparam name="TDestination">The type of the resource that uses it.</typeparam>
    /// <param name="builder">The resource that uses it.</param>
    /// <param name="source">The resource that has it.</param>
    /// <param name="connectionName">The name under which it is looked up; the resource's own unless given.</param>
    /// <param name="optional">Whether it may be missing.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);

        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithReferencesIn(resource).WithEnvironment(context =>
        {
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] =
                new ConnectionStringReference(resource, optional);
            foreach (var (property, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[EnvironmentVariableNames.ForProperty(name, property)] = value;
            }
        });
    }

    /// <summary>Injects the endpoints of a resource, for discovery by its name.</summary>
    /// <typeparam name="TDestination">The type of the resource that uses them.</typeparam>
    /// <param name="builder">The resource that uses them.</param>
    /// <param name="source">The resource that has them.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.WithEndpoints(source.Resource, null, null);
    }

    /// <summary>Injects the endpoints of a resource, for discovery by another name.</summary>
    /// <typeparam name="TDestination">The type of the resource that uses them.</typeparam>
    /// <param name="builder">The resource that uses them.</param>
    /// <param name="source">The resource that has them.</param>
    /// <param name="name">The name.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder.WithEndpoints(source.Resource, name, null);
    }

    /// <summary>Injects one endpoint of a resource, for discovery by the resource's name.</summary>
    /// <typeparam name="TDestination">The type of the resource that uses it.</typeparam>
    /// <param name="builder">The resource that uses it.</param>
    /// <param name="endpointReference">The endpoint.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.WithEndpoints(endpointReference.Resource, null, endpointReference.EndpointName);
    }

    /// <summary>Injects the address of a service outside of the application, for discovery by a name.</summary>
    /// <typeparam name="TDestination">The type of the resource that uses it.</typeparam>
    /// <param name="builder">The resource that uses it.</param>
    /// <param name="name">The name.</param>
    /// <param name="uri">An absolute URI.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The URI is relative.</exception>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri)
        {
            throw new InvalidOperationException("The uri for service reference must be absolute.");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString())
            .WithEnvironment(EnvironmentVariableNames.Encode(name), uri.ToString());
    }

    private static IResourceBuilder<T> WithEndpoints<T>(
        this IResourceBuilder<T> builder, IResourceWithEndpoints source, string? name, string? endpointName)
        where T : IResourceWithEnvironment
    {
        var reference = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>().SingleOrDefault(r => r.Resource == source && r.Name == name);
        if (reference is null)
        {
            reference = new(source, name);
            builder.WithAnnotation(reference).WithRelationship(source, KnownRelationshipTypes.Reference)
                .WithEnvironment(context => Inject(context, reference));
        }

        if (endpointName is null)
        {
            reference.UseAllEndpoints = true;
        }
        else
        {
            reference.EndpointNames.Add(endpointName);
        }

        return builder;
    }

    private static void Inject(EnvironmentCallbackContext context, EndpointReferenceAnnotation reference)
    {
        foreach (var endpoint in reference.Endpoints)
        {
            context.EnvironmentVariables[EnvironmentVariableNames.ForEndpoint(reference.Resource.Name, reference.Name, endpoint.EndpointName)] = endpoint;

            // Endpoints with the usual names are looked up by scheme, so that `https+http://name` finds them; others by their own name.
            var key = endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName;
            var index = 0;
            while (!context.EnvironmentVariables.TryAdd($"services__{reference.Name ?? reference.Resource.Name}__{key}__{index}", endpoint))
            {
                index++;
            }
        }
    }
}
