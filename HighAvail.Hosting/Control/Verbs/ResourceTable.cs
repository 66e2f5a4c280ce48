using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Spectre.Console;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>The list of resources, and under each its replicas where there are several.</summary>
internal static class ResourceTable
{
    // Never empty, so that scripts can count columns.
    private const string None = "-";

    private static readonly string[] _headers = ["NAME", "STATE", "HEALTH", "PID", "RESTARTS", "UP", "ADDRESS"];

    internal static void Print(IReadOnlyList<ResourceView> resources, CommandOutput output, DateTimeOffset now)
    {
        var rows = new List<Cell[]>();
        foreach (var resource in resources.Where(IsWorthALine))
        {
            var single = resource.Replicas is [var only] && only.Name == resource.Name ? only : null;
            rows.Add(
            [
                new(resource.Name),
                State(resource.State),
                Health(resource.Health),
                ProcessId(single),
                new((single?.Restarts ?? resource.Replicas.Sum(r => r.Restarts)).ToString(CultureInfo.InvariantCulture)),
                new(Up(single, now)),
                new(Detail(resource.Endpoints, single is null && resource.Replicas.Count > 0 ? null : Why(single, resource.Message, now))),
            ]);
            rows.AddRange(resource.Replicas.Where(_ => single is null).Select(replica => Row(replica, now)));
        }

        output.Table(_headers, rows);
    }

    internal static Cell[] Row(ReplicaView replica, DateTimeOffset now) =>
    [
        new("  " + replica.Name),
        State(replica.State),
        Health(replica.Health),
        ProcessId(replica),
        new(replica.Restarts.ToString(CultureInfo.InvariantCulture)),
        new(Up(replica, now)),
        new(Detail(replica.Endpoints, Why(replica, replica.Message, now))),
    ];

    internal static Color ColorOf(string state) => state switch
    {
        KnownResourceStates.Running or KnownResourceStates.Active or KnownResourceStates.Finished or "Healthy" => Color.Green,
        ReplicaSnapshots.Restarting or ReplicaSnapshots.Paused or KnownResourceStates.Starting or KnownResourceStates.Stopping or "Degraded" => Color.Yellow,
        KnownResourceStates.FailedToStart or KnownResourceStates.RuntimeUnhealthy or KnownResourceStates.ValueMissing or "Unhealthy" => Color.Red,
        _ => Color.Grey,
    };

    // A parameter that has its value is not something that runs.
    private static bool IsWorthALine(ResourceView resource) => resource.Type != "Parameter" || resource.State != KnownResourceStates.Running;

    private static Cell ProcessId(ReplicaView? replica) => new(replica?.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? None);

    private static Cell State(string state) => new(state, ColorOf(state));

    private static Cell Health(string? health) => health is null ? new(None, Color.Grey) : new(health, ColorOf(health));

    private static string Up(ReplicaView? replica, DateTimeOffset now) => replica is { ProcessId: not null, StartedAt: { } started } ? Span(now - started) : None;

    private static string? Why(ReplicaView? replica, string? message, DateTimeOffset now) => replica?.NextRestartAt is { } next
        ? $"next try {(next > now ? $"in {(next - now).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s" : "now")}: {message}"
        : message;

    private static string Detail(IReadOnlyList<EndpointView> endpoints, string? why) =>
        string.Join("  ", endpoints.Select(e => e.Url).Append(why).Where(t => !string.IsNullOrEmpty(t)));

    private static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d{span.Hours}h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h{span.Minutes}m"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m{span.Seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)span.TotalSeconds)}s"),
    };
}
