namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The snapshot of a resource of which nothing was published yet.</summary>
internal static class InitialSnapshots
{
    public static CustomResourceSnapshot Of(IResource resource) =>
        resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot ?? new CustomResourceSnapshot
        {
            ResourceType = resource switch
            {
                ProjectResource => KnownResourceTypes.Project,
                ExecutableResource => KnownResourceTypes.Executable,
                ParameterResource => KnownResourceTypes.Parameter,
                ConnectionStringResource => KnownResourceTypes.ConnectionString,
                PostgresServerResource or PostgresDatabaseResource or RedisResource =>
                    resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal),
                ContainerResource => KnownResourceTypes.Container,
                _ => resource.GetType().Name,
            },
            Properties = [],
            CreationTimeStamp = DateTime.UtcNow,
        };
}
