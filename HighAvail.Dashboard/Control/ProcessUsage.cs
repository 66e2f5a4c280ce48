using System.Text.Json;

namespace HighAvail.Dashboard.Control;

/// <summary>What a replica used lately.</summary>
/// <param name="Cpu">In processors: 1 is one that is busy all the time.</param>
/// <param name="MemoryBytes">Physical memory.</param>
internal readonly record struct Usage(double? Cpu, long MemoryBytes);

/// <summary>What replicas use of the machine: measured only while somebody looks.</summary>
internal sealed class ProcessUsage(HostConnection host, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Dictionary<string, (ProcessSample Sample, long At)> _samples = [];
    private IReadOnlyDictionary<string, Usage> _current = new Dictionary<string, Usage>();
    private Action? _watchers;
    private CancellationTokenSource? _running;

    /// <summary>By the names of replicas.</summary>
    internal IReadOnlyDictionary<string, Usage> Current => _current;

    public void Dispose() => _running?.Dispose();

    /// <summary>Measures until the answer is disposed.</summary>
    /// <param name="changed">Called after each measurement.</param>
    internal IDisposable Watch(Action changed)
    {
        lock (_gate)
        {
            _watchers += changed;
            if (_running is null)
            {
                _running = new();
                _ = MeasureAsync(_running.Token);
            }
        }

        return new Watcher(this, changed);
    }

    private void Leave(Action changed)
    {
        lock (_gate)
        {
            _watchers -= changed;
            if (_watchers is null && _running is { } running)
            {
                _running = null;
                running.Cancel();
                running.Dispose();
            }
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (host.Client is { } client)
                {
                    Take(await client.ProcessesAsync(cancellationToken).ConfigureAwait(false));
                    _watchers?.Invoke();
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or ObjectDisposedException or OperationCanceledException)
            {
                // The host is gone, which the connection says.
            }

            await Task.Delay(_interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(IReadOnlyList<ProcessSample> samples)
    {
        var now = time.GetTimestamp();
        _current = samples.ToDictionary(s => s.Replica, s => new Usage(CpuSince(s, now), s.MemoryBytes));
        _samples = samples.ToDictionary(s => s.Replica, s => (s, now));
    }

    // Of another process nothing can be said before its second measurement. Children that ended take their time with them.
    private double? CpuSince(ProcessSample sample, long now) =>
        _samples.TryGetValue(sample.Replica, out var last) && last.Sample.ProcessId == sample.ProcessId
            ? Math.Max(0, sample.CpuSeconds - last.Sample.CpuSeconds) / time.GetElapsedTime(last.At, now).TotalSeconds
            : null;

    private sealed class Watcher(ProcessUsage usage, Action changed) : IDisposable
    {
        private Action? _changed = changed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _changed, null) is { } watcher)
            {
                usage.Leave(watcher);
            }
        }
    }
}
