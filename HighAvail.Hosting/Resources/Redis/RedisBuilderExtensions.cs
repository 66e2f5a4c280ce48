using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using HighAvail.Hosting.Resources.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting;

/// <summary>Adds Redis servers.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a Redis server with a generated password.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">The port it listens on; a free one unless given.</param>
    /// <returns>The server.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port) =>
        builder.AddRedis(name, port, null);

    /// <summary>Adds a Redis server. On this machine it runs as a plain process; its data stay between runs.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">The port it listens on; a free one unless given.</param>
    /// <param name="password">The password; generated and kept unless given.</param>
    /// <returns>The server.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // Without special characters: a Redis connection string is split at commas and has no way to escape.
        var passwordParameter = password?.Resource ?? ParameterBuilderExtensions.CreateGeneratedPassword(builder, $"{name}-password", special: false);
        var server = new RedisResource(name, passwordParameter);
        var process = new RedisProcess(server);
        var healthCheck = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new(healthCheck, _ => new ProcessHealthCheck(process), HealthStatus.Unhealthy, []));

        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: 6379, scheme: "redis", name: RedisResource.PrimaryEndpointName)
            .WithRedisContainer()
            .WithAnnotation(process)
            .WithHealthCheck(healthCheck);
    }

    /// <summary>Sets the port that others connect to.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="port">The port, or <see langword="null"/> for a free one.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint(RedisResource.PrimaryEndpointName, e => e.Port = port);
    }

    /// <summary>Sets the password that clients give.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="password">The password, or <see langword="null"/> for a server that asks for none.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithPassword(
        this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource>? password)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.PasswordParameter = password?.Resource;
        return builder;
    }

    /// <summary>
    /// Keeps the data in a folder when the server runs in a container, and writes snapshots to it. As a plain process it keeps them in any case,
    /// in the host's own folder.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">The folder, relative to the app host's.</param>
    /// <param name="isReadOnly">Whether the server cannot write to it; it then writes no snapshots.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataBindMount(this IResourceBuilder<RedisResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        builder.WithBindMount(source, RedisContainer.DataFolder, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>
    /// Keeps the data in a volume when the server runs in a container, and writes snapshots to it. As a plain process it keeps them in any case.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; made of the application's and the resource's unless given.</param>
    /// <param name="isReadOnly">Whether the server cannot write to it; it then writes no snapshots.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), RedisContainer.DataFolder, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Lets a server that runs in a container write snapshots of its data.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="interval">How long changes may be unsaved; 60 seconds unless given.</param>
    /// <param name="keysChangedThreshold">How many keys must have changed.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new RedisPersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }
}
