using System.Collections.Immutable;
using System.Text.Json;

namespace HighAvail.Dashboard.Control;

/// <summary>
/// What is known of the host: its resources as they are, as long as it answers. Connects by itself, again and again, also to the next run of the host.
/// </summary>
internal sealed partial class HostConnection(IConfiguration configuration, TimeProvider time, ILogger<HostConnection> logger) : BackgroundService
{
    // A person sees a kill at once, and a start as it goes.
    private static readonly TimeSpan _redrawInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(500);

    private readonly string? _file = configuration[HostFile.Setting] is { Length: > 0 } path ? path : null;
    private readonly ChangeSignal _signal = new(_redrawInterval, time);
    private volatile HostClient? _client;
    private ImmutableList<Resource> _resources = [];

    /// <summary>A resource changed, or the host came or went.</summary>
    internal event Action? Changed
    {
        add => _signal.Changed += value;
        remove => _signal.Changed -= value;
    }

    /// <summary>Whether there is a host to connect to: this is no viewer of telemetry alone.</summary>
    internal bool IsConfigured => _file is not null;

    /// <summary>Asks the host; <see langword="null"/> while it does not answer.</summary>
    internal HostClient? Client => _client;

    /// <summary>The resources in the order of the app host, as they were last.</summary>
    internal IReadOnlyList<Resource> Resources => _resources;

    /// <summary>The resource of a name, or the one that a replica of that name belongs to.</summary>
    internal Resource? Find(string? name) => _resources.Find(r => r.Name == name) ?? _resources.Find(r => r.Replicas.Any(p => p.Name == name));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_file is not null && !stoppingToken.IsCancellationRequested)
        {
            if (HostFile.Read(_file) is { } host)
            {
                await FollowAsync(host, stoppingToken).ConfigureAwait(false);
            }

            await Task.Delay(_retryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(HostFile host, CancellationToken stoppingToken)
    {
        using var client = new HostClient(host);
        try
        {
            var isFirst = true;
            await foreach (var resources in client.WatchResourcesAsync(stoppingToken).ConfigureAwait(false))
            {
                _resources = isFirst ? [.. resources] : resources.Aggregate(_resources, Replace);
                isFirst = false;
                _client = client;
                _signal.Set();
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            LogGone(exception.Message);
        }
        finally
        {
            if (Interlocked.Exchange(ref _client, null) is not null)
            {
                _signal.Set();
            }
        }
    }

    private static ImmutableList<Resource> Replace(ImmutableList<Resource> resources, Resource changed)
    {
        var index = resources.FindIndex(r => r.Name == changed.Name);
        return index < 0 ? resources.Add(changed) : resources.SetItem(index, changed);
    }

    [LoggerMessage(LogLevel.Information, "The app host does not answer: {Reason}")]
    private partial void LogGone(string reason);
}
