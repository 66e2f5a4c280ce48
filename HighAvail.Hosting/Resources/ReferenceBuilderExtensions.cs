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
        var user = builder.Resource;
        return builder.WithReferencesIn(resource).WithEnvironment(context =>
        {
            if (ReferenceEnvironmentInjectionAnnotation.Allows(user, ReferenceEnvironmentInjectionFlags.ConnectionString))
            {
                context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] =
                    new ConnectionStringReference(resource, optional);
            }

            if (ReferenceEnvironmentInjectionAnnotation.Allows(user, ReferenceEnvironmentInjectionFlags.ConnectionProperties))
            {
                foreach (var (property, value) in resource.AllConnectionProperties())
                {
                    context.EnvironmentVariables[EnvironmentVariableNames.ForProperty(name, property)] = value;
                }
            }
        });
    }

    /// <summary>Limits what references put into the environment of a resource, whether they come before or after.</summary>
    /// <typeparam name="TDestination">The type of the resource that refers to others.</typeparam>
    /// <param name="builder">The resource that refers to others.</param>
    /// <param name="flags">What references may put there.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder, ReferenceEnvironmentInjectionFlags flags)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ReferenceEnvironmentInjectionAnnotation(flags), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Adds a part to the connection of a resource, or replaces one, for whoever refers to it.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The part, such as <c>Host</c>.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithConnectionString
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return builder.WithAnnotation(new ConnectionPropertyAnnotation(name, value));
    }

    /// <summary>Adds a part to the connection of a resource, or replaces one, for whoever refers to it.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The part, such as <c>Host</c>.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, string value)
        where T : IResourceWithConnectionString => builder.WithConnectionProperty(name, ReferenceExpression.Create($"{value}"));

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
                .WithEnvironment(context => Inject(context, builder.Resource, reference));
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

    private static void Inject(EnvironmentCallbackContext context, IResource user, EndpointReferenceAnnotation reference)
    {
        var discovery = ReferenceEnvironmentInjectionAnnotation.Allows(user, ReferenceEnvironmentInjectionFlags.ServiceDiscovery);
        var simplified = ReferenceEnvironmentInjectionAnnotation.Allows(user, ReferenceEnvironmentInjectionFlags.Endpoints);
        foreach (var endpoint in reference.Endpoints)
        {
            if (simplified)
            {
                context.EnvironmentVariables[EnvironmentVariableNames.ForEndpoint(reference.Resource.Name, reference.Name, endpoint.EndpointName)] = endpoint;
            }

            // Endpoints with the usual names are looked up by scheme, so that `https+http://name` finds them; others by their own name.
            var key = endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName;
            var index = 0;
            while (discovery && !context.EnvironmentVariables.TryAdd($"services__{reference.Name ?? reference.Resource.Name}__{key}__{index}", endpoint))
            {
                index++;
            }
        }
    }
}
