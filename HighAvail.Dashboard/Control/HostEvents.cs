using System.Collections.Immutable;
using System.Text.Json;

namespace HighAvail.Dashboard.Control;

/// <summary>What happened in the present run of the host, newest last.</summary>
internal sealed class HostEvents(HostConnection host, TimeProvider time) : BackgroundService
{
    // As many as the host itself keeps.
    private const int MaxEvents = 4096;

    private static readonly TimeSpan _redrawInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(500);

    private readonly ChangeSignal _signal = new(_redrawInterval, time);
    private ImmutableList<HostEvent> _events = [];

    /// <summary>Something happened.</summary>
    internal event Action? Changed
    {
        add => _signal.Changed += value;
        remove => _signal.Changed -= value;
    }

    internal IReadOnlyList<HostEvent> All => _events;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (host.IsConfigured && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (host.Client is { } client)
                {
                    await FollowAsync(client, stoppingToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or ObjectDisposedException or OperationCanceledException)
            {
                // The host is gone, which the connection says.
            }

            await Task.Delay(_retryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(HostClient client, CancellationToken cancellationToken)
    {
        // Everything that the host keeps comes again, and another run of the host knows nothing of the last one.
        var events = ImmutableList<HostEvent>.Empty;
        await foreach (var happened in client.FollowEventsAsync(cancellationToken).ConfigureAwait(false))
        {
            events = events.Add(happened);
            _events = events = events.Count > MaxEvents ? events.RemoveAt(0) : events;
            _signal.Set();
        }
    }
}
