using System.Text.Json;
using HighAvail.Tests.Hosting.Control;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>
/// How many replicas of a resource could be given work, from now on: as the host publishes it, where no state is left out, and as the discovery
/// file says, which others go by.
/// </summary>
internal sealed class ReadyRecord : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _published;
    private readonly Task _listed;
    private readonly DistributedApplication _app;
    private readonly string _resource;
    private readonly string _discovery;

    public ReadyRecord(DistributedApplication app, string discovery, string resource)
    {
        (_app, _discovery, _resource) = (app, discovery, resource);
        _published = Task.Run(WatchAsync);
        _listed = Task.Run(ReadAsync);
    }

    public ReadyRecord(RunningHost host, string resource)
        : this(host.Application, Path.Combine(host.Directories.Run, "discovery", "services.json"), resource)
    {
    }

    public List<int> Published { get; } = [];

    public List<int> Listed { get; } = [];

    /// <summary>Ends the record; fewer than so many were never ready.</summary>
    public async Task AssertNeverFewerAsync(int expected)
    {
        await DisposeAsync();
        Assert.NotEmpty(Listed);
        Assert.True(Published.Min() >= expected, $"Published as ready: {string.Join(", ", Published)}");
        Assert.True(Listed.Min() >= expected, $"In the discovery file: {string.Join(", ", Listed.Distinct())}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _published.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _listed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync()
    {
        var states = _app.ResourceNotifications.CurrentStates.ToDictionary(s => s.ResourceId);
        await foreach (var change in _app.ResourceNotifications.WatchAsync(_stop.Token))
        {
            states[change.ResourceId] = change;
            if (change.IsRemoved)
            {
                states.Remove(change.ResourceId);
            }

            Published.Add(states.Values.Count(s => s.Resource.Name == _resource && s.Snapshot.HealthStatus == HealthStatus.Healthy));
        }
    }

    private async Task ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var services = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllBytesAsync(_discovery, _stop.Token)).GetProperty("services");
            Listed.Add(services.TryGetProperty(_resource, out var endpoints) ? endpoints.EnumerateObject().First().Value.GetArrayLength() : 0);
            await Task.Delay(1, _stop.Token);
        }
    }
}
