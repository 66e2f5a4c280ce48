using System.Diagnostics;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Dashboard;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Control;

/// <summary>Says, line by line, how far the start is, and afterwards what crashed and healed.</summary>
internal sealed class StartReport : IDisposable
{
    private static readonly DateTime _started = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    private readonly Dictionary<IResource, int> _missing;
    private readonly HashSet<string> _readyReplicas = [];
    private readonly HashSet<(string, string?)> _told = [];
    private readonly TextWriter _output;
    private readonly int _width;

    internal StartReport(DistributedApplicationModel model, TextWriter output)
    {
        _output = output;
        _missing = model.Resources.Where(r => r is not (ParameterResource or DashboardResource) && !r.HasAnnotationOfType<ExplicitStartupAnnotation>()).ToDictionary(
            r => r, r => r is ProjectResource ? r.GetReplicaCount() : 1);
        _width = _missing.Keys.Select(r => r.Name.Length).DefaultIfEmpty().Max() + 2;
    }

    public void Dispose() => _output.Flush();

    /// <summary>Prints a line when a resource is ready or in trouble, and one when all are ready.</summary>
    /// <returns>Whether all became ready; <see langword="false"/> when one cannot be started whatever is tried.</returns>
    internal async Task<bool> UntilReadyAsync(ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var (name, snapshot) = (change.Resource.Name, change.Snapshot);
            if (change.Resource is DashboardResource)
            {
                // It starts last, and the application is there without it.
                continue;
            }

            if (snapshot.State?.Text == KnownResourceStates.FailedToStart)
            {
                Line(change.ResourceId, "failed", snapshot.Value(KnownProperties.Message) as string);
                return false;
            }

            if (snapshot.State?.Text is ReplicaSnapshots.Restarting or KnownResourceStates.ValueMissing)
            {
                Line(change.ResourceId, snapshot.State.Text.ToLowerInvariant(), snapshot.Value(KnownProperties.Message) as string);
                continue;
            }

            if (snapshot.State?.Text == KnownResourceStates.Starting && snapshot.Value(KnownProperties.Message) is string what)
            {
                Line(change.ResourceId, "starting", what);
                continue;
            }

            var ready = snapshot.HealthStatus == HealthStatus.Healthy || snapshot.State?.Text == KnownResourceStates.Finished;
            if (!ready || !_missing.TryGetValue(change.Resource, out var missing) || !_readyReplicas.Add(change.ResourceId))
            {
                continue;
            }

            _missing[change.Resource] = --missing;
            if (missing > 0)
            {
                continue;
            }

            _missing.Remove(change.Resource);
            var replicas = change.Resource is ProjectResource ? $"healthy ×{change.Resource.GetReplicaCount()}" : "healthy";
            Line(name, replicas, string.Join("  ", change.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.AllocatedEndpoint?.UriString)));
            if (_missing.Count == 0)
            {
                _output.WriteLine($"All resources are healthy after {SinceStart.TotalSeconds:0.0} s.");
                return true;
            }
        }

        return false;
    }

    /// <summary>Prints a line when a replica crashes, and one when it is healthy again, until it is cancelled.</summary>
    internal async Task FollowAsync(ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        var crashed = new HashSet<string>();
        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var (name, snapshot) = (change.ResourceId, change.Snapshot);
            if (change.IsRemoved)
            {
                crashed.Remove(name);
            }
            else if (snapshot.State?.Text is ReplicaSnapshots.Restarting or KnownResourceStates.FailedToStart)
            {
                crashed.Add(name);
                Print(name, snapshot.State.Text == ReplicaSnapshots.Restarting ? "restarting" : "failed", snapshot.Value(KnownProperties.Message) as string);
            }
            else if (snapshot.HealthStatus == HealthStatus.Healthy && crashed.Remove(name))
            {
                Print(name, "healthy", null);
            }
        }
    }

    private static TimeSpan SinceStart => DateTime.UtcNow - _started;

    private void Line(string name, string state, string? detail)
    {
        if (_told.Add((name, state + detail)))
        {
            Print(name, state, detail);
        }
    }

    private void Print(string name, string state, string? detail)
    {
        _output.WriteLine($"{SinceStart.TotalSeconds,6:0.0} s  {$"{name}  ".PadRight(_width)}{state,-12}{detail}".TrimEnd());
        _output.Flush();
    }
}
