using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Hosting.Control;

/// <summary>Reads the output of a resource: that of its replicas and what the host says about it, in the order of time.</summary>
internal sealed class LogReader(LogStore logs, ResourceDirectory directory, ResourceNotificationService notifications, TimeProvider time)
{
    // Enough to write in large pieces; whoever reads more slowly than is printed loses lines in the replica's own bounded log, and is told.
    private const int MaxPending = 256;

    /// <summary>Whose output belongs to a name.</summary>
    internal string[] Sources(NamedResource target) => target.Replica is not null
        ? [target.Replica]
        : [.. target.StatesOf(directory.CurrentStates).Select(s => s.ResourceId).Append(target.Resource.Name).Distinct()];

    /// <summary>The last lines that are kept, and how far that is for each source.</summary>
    internal (IReadOnlyList<LogEntry> Entries, Dictionary<string, long> Until) Read(IReadOnlyList<string> sources, int? tail)
    {
        var until = new Dictionary<string, long>();
        var entries = new List<LogEntry>();
        foreach (var source in sources)
        {
            var log = logs.For(source);
            var lines = log.Snapshot();
            until[source] = lines.Count > 0 ? lines[^1].Sequence : 0;
            entries.AddRange(lines.Select(line => Entry(source, line)));
        }

        var inOrder = entries.OrderBy(e => e.Time).ToList();
        return (tail < inOrder.Count ? inOrder[^tail.Value..] : inOrder, until);
    }

    /// <summary>What comes after that, all that is there at a time; of a resource also from replicas that it has only later.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<LogEntry>> FollowAsync(
        NamedResource target, Dictionary<string, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var channel = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(MaxPending) { SingleReader = true });
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pumps = from.Select(source => PumpAsync(source.Key, source.Value, channel.Writer, ends.Token))
            .Append(target.Replica is null ? PumpLaterAsync(target.Resource, [.. from.Keys], began, channel.Writer, ends.Token) : Task.CompletedTask)
            .ToArray();
        try
        {
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var entries = new List<LogEntry>();
                while (entries.Count < MaxPending && channel.Reader.TryRead(out var entry))
                {
                    entries.Add(entry);
                }

                yield return entries;
            }
        }
        finally
        {
            await ends.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static LogEntry Entry(string source, Orchestration.LogLine line) => new(source, line.Timestamp, line.IsError, line.Text, line.LostBefore);

    private async Task PumpLaterAsync(
        IResource resource, HashSet<string> known, DateTimeOffset began, ChannelWriter<LogEntry> writer, CancellationToken cancellationToken)
    {
        var pumps = new List<Task>();
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (change.Resource == resource && known.Add(change.ResourceId))
                {
                    pumps.Add(PumpAsync(change.ResourceId, 0, writer, cancellationToken, began));
                }
            }
        }
        finally
        {
            await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // An earlier replica of the same number may have left lines.
    private async Task PumpAsync(
        string source, long after, ChannelWriter<LogEntry> writer, CancellationToken cancellationToken, DateTimeOffset since = default)
    {
        await foreach (var line in logs.For(source).FollowAsync(after, cancellationToken).Where(l => l.Timestamp >= since).ConfigureAwait(false))
        {
            await writer.WriteAsync(Entry(source, line), cancellationToken).ConfigureAwait(false);
        }
    }
}
