using HighAvail.Dashboard.Control;
using HighAvail.Dashboard.Telemetry;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.StructuredLogs;

/// <summary>The last entries of all logs. Those that arrived first go first, whatever their clocks say.</summary>
internal sealed class LogStore(IOptions<TelemetryLimits> options, TimeProvider time)
{
    private readonly TelemetryLimits _limits = options.Value;
    private readonly Lock _lock = new();
    private readonly Queue<LogRecord> _inOrder = new();
    private long _bytes;
    private long _lastId;

    /// <summary>Something was added.</summary>
    public ChangeSignal Changes { get; } = new(TelemetryLimits.RedrawInterval, time);

    /// <summary>All entries, oldest first.</summary>
    public LogRecord[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _inOrder];
        }
    }

    public void Add(List<LogRecord> logs)
    {
        if (logs.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var log in logs)
            {
                log.Id = ++_lastId;
                _inOrder.Enqueue(log);
                _bytes += log.Bytes;
                while (_inOrder.Count > _limits.MaxLogCount || _bytes > _limits.MaxLogBytes)
                {
                    _bytes -= _inOrder.Dequeue().Bytes;
                }
            }
        }

        Changes.Set();
    }

    public void Clear()
    {
        lock (_lock)
        {
            _inOrder.Clear();
            _bytes = 0;
        }

        Changes.Set();
    }
}
