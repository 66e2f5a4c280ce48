using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What is known of a resource, or of one of its replicas, at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>The kind of resource, such as <c>Project</c> or <c>Postgres</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Facts to show, in order.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When the resource was described.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it started last, UTC.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it stopped last, UTC.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Where it is in its life.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code of the last run that ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>
    /// Healthy or not, and <see langword="null"/> while it is not running: the worst of <see cref="HealthReports"/>, where a check without a result
    /// counts as failed. A running resource without health checks is healthy.
    /// </summary>
    public HealthStatus? HealthStatus
    {
        get => field ?? (State?.Text != KnownResourceStates.Running
            ? null
            : HealthReports.Length == 0 ? Healthy : HealthReports.Min(r => r.Status ?? Unhealthy));

        // Replicas are probed, which says more than the reports.
        internal init;
    }

    /// <summary>The result of each health check; its status is <see langword="null"/> before the first result.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    /// <summary>The environment of its process.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Where it can be reached.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>What can be done with it.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>Its relations to others.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>The name of its icon, out of Fluent UI's.</summary>
    public string? IconName { get; init; }

    /// <summary>Whether the icon is outlined or filled.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>Whether it is left out of lists meant for people.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Set once, when the resource was running and healthy for the first time and its ready callbacks have run.</summary>
    internal EventSnapshot? ResourceReadyEvent { get; init; }
}

/// <summary>The ready callbacks of a resource.</summary>
/// <param name="EventTask">Completes when all have run.</param>
internal sealed record EventSnapshot(Task EventTask);

/// <summary>A state and how to show it.</summary>
/// <param name="Text">One of <see cref="KnownResourceStates"/>, or an own one.</param>
/// <param name="Style">One of <see cref="KnownResourceStateStyles"/>, or none.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state without a style.</summary>
    /// <param name="s">The state.</param>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

/// <summary>A variable of a process's environment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Whether the model set it, as opposed to the host's own environment.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>An address.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Whether it is for other resources rather than for people.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether nothing listens there now.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How people see it.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

/// <summary>How people see an address.</summary>
/// <param name="DisplayName">What they see; the URL when empty.</param>
/// <param name="SortOrder">Those with higher numbers come first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A fact to show.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether it must not be shown.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>A relation to another resource.</summary>
/// <param name="ResourceName">The other resource.</param>
/// <param name="Type">What kind of relation.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>The last result of a health check.</summary>
/// <param name="Name">The check's key.</param>
/// <param name="Status">The result, or <see langword="null"/> before the first.</param>
/// <param name="Description">What the check says.</param>
/// <param name="ExceptionText">What went wrong.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When the check ran last, UTC.</summary>
    public DateTime? LastRunAt { get; init; }
}

/// <summary>Something that can be done with a resource.</summary>
/// <param name="Name">The command's name.</param>
/// <param name="State">Whether it can be done now.</param>
/// <param name="DisplayName">What people see.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">Something that it is done with.</param>
/// <param name="ConfirmationMessage">What to ask before, or none.</param>
/// <param name="IconName">The icon's name among the Fluent UI system icons.</param>
/// <param name="IconVariant">How the icon is drawn.</param>
/// <param name="IsHighlighted">Whether it is among the first that people see.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted);

/// <summary>Whether a command can be done.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled,

    /// <summary>It cannot now.</summary>
    Disabled,

    /// <summary>It makes no sense now and is not shown.</summary>
    Hidden,
}

/// <summary>How a state is shown.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Good.</summary>
    public const string Success = "success";

    /// <summary>Broken.</summary>
    public const string Error = "error";

    /// <summary>Neutral.</summary>
    public const string Info = "info";

    /// <summary>Needs a look.</summary>
    public const string Warn = "warn";
}

/// <summary>The states a resource passes through.</summary>
public static class KnownResourceStates
{
    /// <summary>Not shown to people.</summary>
    public const string Hidden = nameof(Hidden);

    /// <summary>The process is being started.</summary>
    public const string Starting = nameof(Starting);

    /// <summary>The process runs.</summary>
    public const string Running = nameof(Running);

    /// <summary>It could not be started.</summary>
    public const string FailedToStart = nameof(FailedToStart);

    /// <summary>What runs it is not working.</summary>
    public const string RuntimeUnhealthy = nameof(RuntimeUnhealthy);

    /// <summary>It was asked to stop.</summary>
    public const string Stopping = nameof(Stopping);

    /// <summary>The process ended.</summary>
    public const string Exited = nameof(Exited);

    /// <summary>It ran to its end successfully.</summary>
    public const string Finished = nameof(Finished);

    /// <summary>It waits for another resource.</summary>
    public const string Waiting = nameof(Waiting);

    /// <summary>It starts only when someone asks for it.</summary>
    public const string NotStarted = nameof(NotStarted);

    /// <summary>It is being built.</summary>
    public const string Building = nameof(Building);

    /// <summary>It is a value that is there.</summary>
    public const string Active = nameof(Active);

    /// <summary>A value that it needs is not there.</summary>
    public const string ValueMissing = nameof(ValueMissing);

    /// <summary>The states after which nothing happens unless someone asks for it.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
