using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Hosting.Control;

/// <summary>Shows resources as the control API does: one entry per resource, made of what was published of its replicas.</summary>
internal sealed class ResourceViews(ResourceDirectory directory, SecretMask mask, IServiceProvider services)
{
    /// <summary>All resources that people should see.</summary>
    internal List<ResourceView> All(IReadOnlyCollection<ResourceEvent> states) =>
        [.. directory.Resources.Where(r => !states.Any(s => s.Resource == r && s.Snapshot.IsHidden)).Select(r => Of(r, null, states))];

    /// <summary>One resource, with all of its replicas or with one.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="replica">The replica, or <see langword="null"/> for all.</param>
    /// <param name="states">What is known of everything.</param>
    /// <param name="showSecrets">Whether the environment is shown as it is.</param>
    internal ResourceView Of(IResource resource, string? replica, IEnumerable<ResourceEvent> states, bool showSecrets = false)
    {
        var own = new NamedResource(resource, replica).StatesOf(states)
            .OrderBy(s => s.ResourceId.Length) // orders-2 before orders-10
            .ThenBy(s => s.ResourceId, StringComparer.Ordinal)
            .ToArray();
        var snapshots = own.Select(s => s.Snapshot).ToArray();
        var summary = ResourceSummary.Of(snapshots);
        return new(
            resource.Name,
            snapshots.Select(s => s.ResourceType).FirstOrDefault(resource.GetType().Name),
            summary.State,
            summary.Health?.ToString(),
            snapshots.OrderByDescending(s => ResourceSummary.StateOf(s) != KnownResourceStates.Running).Select(Message).FirstOrDefault(m => m is not null),
            [.. resource.Annotations.OfType<EndpointAnnotation>()
                .Where(e => e.AllocatedEndpoint is not null)
                .Select(e => new EndpointView(e.Name, e.AllocatedEndpoint!.UriString))],
            ApplicationOrchestrator.IsProcess(resource) ? [.. own.Select(Replica)] : [],
            Related(resource, KnownRelationshipTypes.Reference),
            Related(resource, KnownRelationshipTypes.WaitFor),
            Environment(snapshots, showSecrets),
            Commands(resource, snapshots),
            (resource as IResourceWithParent)?.Parent.Name,
            SourceOf(resource, snapshots),
            [.. snapshots.SelectMany(s => s.Urls).Where(u => !u.IsInternal)
                .OrderByDescending(u => u.DisplayProperties.SortOrder)
                .Select(u => new EndpointView(u.DisplayProperties.DisplayName is { Length: > 0 } name ? name : u.Name ?? u.Url, u.Url))
                .Distinct()],
            [.. own.SelectMany(HealthChecks)]);
    }

    /// <summary>Whether a command can be done now with any of the replicas.</summary>
    internal bool IsEnabled(ResourceCommandAnnotation command, IEnumerable<CustomResourceSnapshot> snapshots) =>
        snapshots.Any(s => StateOf(command, s) == ResourceCommandState.Enabled);

    private ReplicaView Replica(ResourceEvent state)
    {
        var snapshot = state.Snapshot;
        return new(
            state.ResourceId,
            ResourceSummary.StateOf(snapshot),
            snapshot.HealthStatus?.ToString(),
            snapshot.Value(KnownProperties.ProcessId) as int?,
            snapshot.Value(KnownProperties.Restarts) as int? ?? 0,
            snapshot.StartTimeStamp is { } started ? new DateTimeOffset(DateTime.SpecifyKind(started, DateTimeKind.Utc)) : null,
            snapshot.ExitCode,
            snapshot.Value(KnownProperties.NextRestart) is string next ? DateTimeOffset.Parse(next, CultureInfo.InvariantCulture) : null,
            Message(snapshot),
            [.. snapshot.Urls.Where(u => u.IsInternal).Select(u => new EndpointView(u.Name ?? string.Empty, u.Url))]);
    }

    private string? Message(CustomResourceSnapshot snapshot) => snapshot.Value(KnownProperties.Message) is string message ? mask.Apply(message) : null;

    private static string? SourceOf(IResource resource, CustomResourceSnapshot[] snapshots) => resource is ProjectResource project
        ? project.GetProjectMetadata().ProjectPath
        : snapshots.Select(s => s.Value(KnownProperties.Path) as string).FirstOrDefault(p => p is not null);

    private IEnumerable<HealthCheckView> HealthChecks(ResourceEvent state) => state.Snapshot.HealthReports.Select(report => new HealthCheckView(
        report.Name,
        ApplicationOrchestrator.IsProcess(state.Resource) ? state.ResourceId : null,
        report.Status?.ToString(),
        (report.ExceptionText ?? report.Description) is { } text ? mask.Apply(text) : null,
        report.LastRunAt is { } since ? new DateTimeOffset(DateTime.SpecifyKind(since, DateTimeKind.Utc)) : null));

    private SortedDictionary<string, string> Environment(IEnumerable<CustomResourceSnapshot> snapshots, bool showSecrets)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in snapshots.Select(s => s.EnvironmentVariables).FirstOrDefault(e => e.Length > 0, []))
        {
            // What the host merely passes on says nothing about the resource, and may hold the secrets of the person who started it.
            if (variable.Value is { } value && value != System.Environment.GetEnvironmentVariable(variable.Name))
            {
                environment[variable.Name] = showSecrets ? value : mask.Apply(value);
            }
        }

        return environment;
    }

    private CommandView[] Commands(IResource resource, CustomResourceSnapshot[] snapshots) =>
    [
        .. resource.Annotations.OfType<ResourceCommandAnnotation>()
            .Where(c => snapshots.Any(s => StateOf(c, s) != ResourceCommandState.Hidden))
            .Select(c => new CommandView(
                c.Name, c.DisplayName, c.DisplayDescription, IsEnabled(c, snapshots), c.ConfirmationMessage, c.IsHighlighted, c.Argument)),
    ];

    private ResourceCommandState StateOf(ResourceCommandAnnotation command, CustomResourceSnapshot snapshot) =>
        command.UpdateState(new() { ResourceSnapshot = snapshot, ServiceProvider = services });

    private static string[] Related(IResource resource, string type) =>
        [.. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Where(r => r.Type == type).Select(r => r.Resource.Name).Distinct()];
}
