namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The snapshot of a resource of which nothing was published yet.</summary>
internal static class InitialSnapshots
{
    public static CustomResourceSnapshot Of(IResource resource)
    {
        var snapshot = resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot ?? Default(resource);

        // A check without a result yet is one that failed, so that a resource is not healthy before it was looked at.
        return snapshot.HealthReports.Length > 0 ? snapshot : snapshot with
        {
            HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => new HealthReportSnapshot(h.Key, null, null, null))],
        };
    }

    private static CustomResourceSnapshot Default(IResource resource) => new()
    {
        ResourceType = resource switch
        {
            ProjectResource => KnownResourceTypes.Project,
            ExecutableResource => KnownResourceTypes.Executable,
            ParameterResource => KnownResourceTypes.Parameter,
            ConnectionStringResource => KnownResourceTypes.ConnectionString,
            ExternalServiceResource => KnownResourceTypes.ExternalService,
            PostgresServerResource or PostgresDatabaseResource or RedisResource =>
                resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal),
            ContainerResource => KnownResourceTypes.Container,
            _ => resource.GetType().Name,
        },
        Properties = [],
        CreationTimeStamp = DateTime.UtcNow,
    };
}
