using System.Net.Sockets;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Describes endpoints.</summary>
public static class EndpointBuilderExtensions
{
    /// <summary>Adds an endpoint, or changes the one of this name: what is given replaces what was said before, the scheme excepted.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The stable port that others connect to; a free one unless given.</param>
    /// <param name="targetPort">The port the process listens on; a free one for each replica unless given.</param>
    /// <param name="scheme">The scheme of its URL.</param>
    /// <param name="name">Its name; the scheme's unless given.</param>
    /// <param name="env">A variable that tells the process its port.</param>
    /// <param name="isProxied">Whether a front proxy stands before the process, which it does unless said otherwise.</param>
    /// <param name="isExternal">Whether it is public when published.</param>
    /// <param name="protocol">TCP unless given.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The name is not a valid endpoint name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A port is not between 0 and 65535.</exception>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        var endpoint = new EndpointAnnotation(
            protocol ?? ProtocolType.Tcp, scheme, name: name, port: port, targetPort: targetPort, isExternal: isExternal, isProxied: isProxied);
        if (Find(builder.Resource, endpoint.Name) is { } existing)
        {
            existing.Port = port ?? existing.Port;
            existing.TargetPort = targetPort ?? existing.TargetPort;
            existing.IsExternal = isExternal ?? existing.IsExternal;

            // Once without a proxy always without: a later call that leaves the parameter out must not bring it back.
            existing.IsExplicitlyProxied = isProxied is false ? false : existing.IsExplicitlyProxied;
            endpoint = existing;
        }
        else
        {
            builder.WithAnnotation(endpoint);
        }

        return env is null ? builder : builder.WithPortVariable(endpoint, env);
    }

    /// <summary>Changes an endpoint, or adds it.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">Its name.</param>
    /// <param name="callback">Changes it.</param>
    /// <param name="createIfNotExists">Whether to add it when it is not there.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = true)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointName);
        ArgumentNullException.ThrowIfNull(callback);
        var endpoint = Find(builder.Resource, endpointName);
        if (endpoint is null && createIfNotExists)
        {
            endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            builder.WithAnnotation(endpoint);
        }

        if (endpoint is not null)
        {
            callback(endpoint);
        }

        return builder;
    }

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The stable port that others connect to; a free one unless given.</param>
    /// <param name="targetPort">The port the process listens on; a free one for each replica unless given.</param>
    /// <param name="name"><c>http</c> unless given.</param>
    /// <param name="env">A variable that tells the process its port.</param>
    /// <param name="isProxied">Whether a front proxy stands before the process.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Adds an HTTPS endpoint.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The stable port that others connect to; a free one unless given.</param>
    /// <param name="targetPort">The port the process listens on; a free one for each replica unless given.</param>
    /// <param name="name"><c>https</c> unless given.</param>
    /// <param name="env">A variable that tells the process its port.</param>
    /// <param name="isProxied">Whether a front proxy stands before the process.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "https", name, env, isProxied);

    /// <summary>Makes the HTTP and HTTPS endpoints public when published.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https"))
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    /// <summary>Says that HTTP/2 is spoken on the HTTP and HTTPS endpoints.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> AsHttp2Service<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https"))
        {
            endpoint.Transport = "http2";
        }

        return builder;
    }

    /// <summary>An endpoint by name, which may be described later.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="contextNetworkID">The network to see it from; that of whoever asks if left out.</param>
    /// <returns>The reference.</returns>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name, NetworkIdentifier? contextNetworkID = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new(builder.Resource, name, contextNetworkID);
    }

    private static IResourceBuilder<T> WithPortVariable<T>(this IResourceBuilder<T> builder, EndpointAnnotation endpoint, string name)
        where T : IResourceWithEndpoints
    {
        var isNew = endpoint.TargetPortEnvironmentVariable is null;
        endpoint.TargetPortEnvironmentVariable = name;
        if (isNew && builder.Resource is IResourceWithEnvironment)
        {
            var target = new EndpointReference(builder.Resource, endpoint).Property(EndpointProperty.TargetPort);
            builder.Resource.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
                context.EnvironmentVariables[endpoint.TargetPortEnvironmentVariable] = target));
        }

        return builder;
    }

    private static EndpointAnnotation? Find(IResource resource, string name) => resource.Annotations.OfType<EndpointAnnotation>()
        .SingleOrDefault(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
}
