using System.Text.Json;
using System.Threading.Channels;
using HighAvail.Dashboard.Control;

namespace HighAvail.Dashboard.ConsoleLogs;

/// <summary>Follows the output of one resource, one replica or all resources, also through restarts of the host.</summary>
internal sealed class ConsoleFeed : IDisposable
{
    // A screen of a hundred pages; whoever draws them takes all that there is ten times a second.
    private const int MaxPending = 10_000;

    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _ends = new();
    private readonly Channel<LogLine> _channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(MaxPending) { SingleReader = true });
    private readonly HashSet<string> _followed = [];
    private readonly HostConnection _host;
    private readonly string? _name;

    /// <param name="host">The host.</param>
    /// <param name="name">A resource or replica, or <see langword="null"/> for all.</param>
    internal ConsoleFeed(HostConnection host, string? name)
    {
        (_host, _name) = (host, name);
        host.Changed += Begin;
        Begin();
    }

    /// <summary>The lines as they come.</summary>
    internal ChannelReader<LogLine> Lines => _channel.Reader;

    public void Dispose()
    {
        _host.Changed -= Begin;
        _ends.Cancel();
        _ends.Dispose();
        _channel.Writer.TryComplete();
    }

    // Of all: also of those that are there only later.
    private void Begin()
    {
        lock (_followed)
        {
            if (_ends.IsCancellationRequested)
            {
                return;
            }

            foreach (var name in _name is null ? _host.Resources.Where(r => r.Replicas.Count > 0).Select(r => r.Name) : [_name])
            {
                if (_followed.Add(name))
                {
                    _ = FollowAsync(name, _ends.Token);
                }
            }
        }
    }

    private async Task FollowAsync(string name, CancellationToken cancellationToken)
    {
        var last = new Dictionary<string, DateTimeOffset>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_host.Client is { } client)
                {
                    await FollowAsync(client, name, last, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or ObjectDisposedException or OperationCanceledException or ChannelClosedException)
            {
                // The host is gone, or has no such resource yet.
            }

            await Task.Delay(_retryInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(HostClient client, string name, Dictionary<string, DateTimeOffset> last, CancellationToken cancellationToken)
    {
        // After a break what was shown already comes once more.
        var shown = new Dictionary<string, DateTimeOffset>(last);
        await foreach (var line in client.LogsAsync(name, follow: true, cancellationToken).ConfigureAwait(false))
        {
            if (!shown.TryGetValue(line.Replica, out var until) || line.Time > until)
            {
                last[line.Replica] = line.Time;
                await _channel.Writer.WriteAsync(line, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
