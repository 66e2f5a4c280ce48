using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using HighAvail.Hosting.Resources.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting;

/// <summary>Adds Postgres servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a Postgres server. On this machine it runs as a plain process; its data stay between runs.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The superuser's name; <c>postgres</c> unless given.</param>
    /// <param name="password">The superuser's password; generated and kept unless given.</param>
    /// <param name="port">The port it listens on; a free one unless given.</param>
    /// <returns>The server.</returns>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var passwordParameter = password?.Resource ?? ParameterBuilderExtensions.CreateGeneratedPassword(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, passwordParameter);
        var process = new PostgresProcess(server);
        var healthCheck = $"{name}_check";
        var check = new ProcessHealthCheck(process);
        builder.Services.AddHealthChecks().Add(new(healthCheck, _ => check, HealthStatus.Unhealthy, []));
        builder.Eventing.Subscribe<ResourceReadyEvent>(server, process.CreateDatabasesAsync);

        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: 5432, name: PostgresServerResource.PrimaryEndpointName)
            .WithPostgresContainer()
            .WithAnnotation(process)
            .WithHealthCheck(healthCheck);
    }

    /// <summary>Adds a database to a server. It is created before anything that waits for it starts.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="databaseName">The database's name in the server; the resource's unless given.</param>
    /// <returns>The database.</returns>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var server = builder.Resource;
        var database = new PostgresDatabaseResource(name, databaseName ?? name, server);
        var process = server.Annotations.OfType<PostgresProcess>().Single();
        var healthCheck = $"{name}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new(healthCheck, _ => new ProcessHealthCheck(process), HealthStatus.Unhealthy, []));
        var added = builder.ApplicationBuilder.AddResource(database)
            .WithHealthCheck(healthCheck)
            .WithRelationship(server, KnownRelationshipTypes.Parent);
        server.AddDatabase(name, database.DatabaseName);
        return added;
    }

    /// <summary>Sets the administrator's password.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="password">The password.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithPassword(
        this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> password)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(password);
        builder.Resource.PasswordParameter = password.Resource;
        return builder;
    }

    /// <summary>Sets the administrator's name.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="userName">The name.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithUserName(
        this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> userName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(userName);
        builder.Resource.UserNameParameter = userName.Resource;
        return builder;
    }

    /// <summary>Sets the port that others connect to.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="port">The port, or <see langword="null"/> for a free one.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint(PostgresServerResource.PrimaryEndpointName, e => e.Port = port);
    }

    /// <summary>Keeps the data in a volume when the server runs in a container. As a plain process it keeps them in any case.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; made of the application's and the resource's unless given.</param>
    /// <param name="isReadOnly">Whether the server cannot write to it.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), PostgresContainer.DataFolder(builder.Resource), isReadOnly);
    }

    /// <summary>
    /// Keeps the data in a folder when the server runs in a container. As a plain process it keeps them in any case, in the host's own folder.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">The folder, relative to the app host's.</param>
    /// <param name="isReadOnly">Whether the server cannot write to it.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithDataBindMount(
        this IResourceBuilder<PostgresServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, PostgresContainer.DataFolder(builder.Resource), isReadOnly);
    }
}
