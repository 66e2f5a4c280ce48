using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Postgres;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>A Postgres server as a container, which is how it is published.</summary>
internal static class PostgresContainer
{
    internal static IResourceBuilder<PostgresServerResource> WithPostgresContainer(this IResourceBuilder<PostgresServerResource> builder) => builder
        .WithImage(PostgresContainerImageTags.Image, PostgresContainerImageTags.Tag)
        .WithImageRegistry(PostgresContainerImageTags.Registry)
        .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
        .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
        .WithEnvironment(context =>
        {
            context.EnvironmentVariables["POSTGRES_USER"] = builder.Resource.UserNameReference;
            context.EnvironmentVariables["POSTGRES_PASSWORD"] = builder.Resource.PasswordParameter;
        });

    /// <summary>Where the image keeps its data: since version 18 one folder higher (https://github.com/docker-library/postgres/pull/1259).</summary>
    internal static string DataFolder(PostgresServerResource server)
    {
        var tag = server.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) ? image.Tag : PostgresContainerImageTags.Tag;
        return int.TryParse(tag?.Split('.', '-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= 18
            ? "/var/lib/postgresql"
            : "/var/lib/postgresql/data";
    }
}
