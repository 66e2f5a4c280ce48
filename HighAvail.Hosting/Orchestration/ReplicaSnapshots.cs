using System.Collections.Immutable;
using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What is published of the replicas of one resource.</summary>
internal sealed class ReplicaSnapshots(IResource resource)
{
    /// <summary>A crashed process that will be started again. Not a state of Aspire, which starts nothing again.</summary>
    internal const string Restarting = "Restarting";

    /// <summary>A process that somebody froze. Not a state of Aspire, which freezes nothing.</summary>
    internal const string Paused = "Paused";

    private readonly ImmutableArray<RelationshipSnapshot> _relationships =
        [.. resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct()];

    private readonly ImmutableArray<string> _healthChecks = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key)];

    internal CustomResourceSnapshot WithoutProcess(CustomResourceSnapshot previous, ResourceStateSnapshot state, string? message) => previous with
    {
        State = state,
        HealthStatus = null,
        Relationships = _relationships,
        HealthReports = [.. _healthChecks.Select(key => new HealthReportSnapshot(key, null, null, null))],
        Properties = ImmutableArray<ResourcePropertySnapshot>.Empty.WithMessage(message),
    };

    internal CustomResourceSnapshot Create(CustomResourceSnapshot previous, ReplicaStatus status, ReplicaDriver driver)
    {
        var health = HealthOf(status);
        return previous with
        {
            State = StateOf(status),
            HealthStatus = health,
            Relationships = _relationships,
            StartTimeStamp = status.StartedAt?.UtcDateTime,
            StopTimeStamp = status.ProcessId is null && previous.StopTimeStamp is null && status.ExitCode is not null ? DateTime.UtcNow : previous.StopTimeStamp,
            ExitCode = status.ExitCode,
            HealthReports = [.. _healthChecks.Select(key => new HealthReportSnapshot(key, health, status.Message, null) { LastRunAt = DateTime.UtcNow })],
            EnvironmentVariables = driver.Spec is { } spec
                ? [.. spec.Environment.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new EnvironmentVariableSnapshot(e.Key, e.Value, true))]
                : [],
            Urls = [.. driver.Ports.Select(p => new UrlSnapshot(p.Key.Name, $"{p.Key.UriScheme}://localhost:{p.Value}", true)), .. DescribedUrls(status)],
            Properties = PropertiesOf(status, driver.Spec),
        };
    }

    // The plain addresses of endpoints are the resource's and not a replica's; what the app host says about them is for people to see here.
    private IEnumerable<UrlSnapshot> DescribedUrls(ReplicaStatus status) => resource.Annotations.OfType<ResourceUrlAnnotation>()
        .Where(u => u.DisplayText is not null || u.Url != u.Endpoint?.EndpointAnnotation.AllocatedEndpoint?.UriString)
        .Select(u => new UrlSnapshot(u.Endpoint?.EndpointName, u.Url, false)
        {
            IsInactive = status.State != ReplicaState.Running,
            DisplayProperties = new(u.DisplayText ?? string.Empty, u.DisplayOrder ?? 0),
        });

    private static HealthStatus? HealthOf(ReplicaStatus status) => status switch
    {
        { State: not ReplicaState.Running } => null,
        { Health: ReplicaHealth.Healthy } => HealthStatus.Healthy,
        _ => HealthStatus.Unhealthy,
    };

    private ResourceStateSnapshot StateOf(ReplicaStatus status) => status switch
    {
        { State: ReplicaState.Exited or ReplicaState.FailedToStart, NextRestartAt: not null } => new(Restarting, KnownResourceStateStyles.Warn),
        { State: ReplicaState.FailedToStart } => new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        { State: ReplicaState.Exited, ExitCode: not 0 } => new(KnownResourceStates.Exited, KnownResourceStateStyles.Error),
        { State: ReplicaState.Exited, ExitCode: 0 } when resource is ExecutableResource && !resource.HasAnnotationOfType<EndpointAnnotation>() =>
            new(KnownResourceStates.Finished, KnownResourceStateStyles.Success),
        { State: ReplicaState.Running, IsPaused: true } => new(Paused, KnownResourceStateStyles.Warn),
        { State: ReplicaState.Running } => new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        _ => new(status.State.ToString(), null),
    };

    private static ImmutableArray<ResourcePropertySnapshot> PropertiesOf(ReplicaStatus status, ProcessSpec? spec)
    {
        var properties = ImmutableArray.CreateBuilder<ResourcePropertySnapshot>();
        if (spec is not null)
        {
            properties.Add(new(KnownProperties.Path, spec.FileName));
            properties.Add(new(KnownProperties.WorkingDirectory, spec.WorkingDirectory));
            properties.Add(new(KnownProperties.Arguments, string.Join(' ', spec.Arguments)));
        }

        if (status.ProcessId is { } processId)
        {
            properties.Add(new(KnownProperties.ProcessId, processId));
        }

        properties.Add(new(KnownProperties.Restarts, status.Restarts));
        if (status.NextRestartAt is { } next)
        {
            properties.Add(new(KnownProperties.NextRestart, next.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)));
        }

        return properties.ToImmutable().WithMessage(status.Message);
    }
}

/// <summary>The names of the properties that the host publishes.</summary>
internal static class KnownProperties
{
    internal const string Path = "executable.path";
    internal const string WorkingDirectory = "executable.workDir";
    internal const string Arguments = "executable.args";
    internal const string ProcessId = "executable.pid";
    internal const string Restarts = "replica.restarts";
    internal const string NextRestart = "replica.nextRestart";
    internal const string Message = "message";

    /// <summary>The properties with a message in place of the previous one.</summary>
    internal static ImmutableArray<ResourcePropertySnapshot> WithMessage(this ImmutableArray<ResourcePropertySnapshot> properties, string? message)
    {
        var others = properties.RemoveAll(p => p.Name == Message);
        return message is null ? others : others.Add(new(Message, message));
    }

    internal static object? Value(this CustomResourceSnapshot snapshot, string name) => snapshot.Properties.FirstOrDefault(p => p.Name == name)?.Value;
}
