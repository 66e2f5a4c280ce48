using HighAvail.Dashboard.Control;
using HighAvail.Dashboard.Telemetry;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.Traces;

/// <summary>The last traces. The oldest go first: the one whose first span arrived before all others', whatever its clock says.</summary>
internal sealed class TraceStore(IOptions<TelemetryLimits> options, TimeProvider time)
{
    // A trace itself, with its place here, beside its spans.
    private const int Overhead = 256;

    // Of all bytes: one endless trace must not drive out all others.
    private const int TraceShare = 4;

    private readonly TelemetryLimits _limits = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Trace> _byId = [];
    private readonly Queue<Trace> _inOrder = new();
    private long _bytes;

    /// <summary>Something was added.</summary>
    public ChangeSignal Changes { get; } = new(TelemetryLimits.RedrawInterval, time);

    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>All traces, oldest first.</summary>
    public Trace[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _inOrder];
        }
    }

    public Trace? Find(UInt128 id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public void Add(List<Span> spans)
    {
        if (spans.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var span in spans)
            {
                if (!_byId.TryGetValue(span.TraceId, out var trace))
                {
                    _byId[span.TraceId] = trace = new Trace(span.TraceId);
                    _inOrder.Enqueue(trace);
                    _bytes += Overhead;
                }

                _bytes += trace.Add(span, _limits.MaxSpansPerTrace, _limits.MaxTraceBytes / TraceShare);
                while (_inOrder.Count > _limits.MaxTraceCount || _bytes > _limits.MaxTraceBytes)
                {
                    var oldest = _inOrder.Dequeue();
                    _byId.Remove(oldest.Id);
                    _bytes -= oldest.Bytes + Overhead;
                }
            }
        }

        Changes.Set();
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byId.Clear();
            _inOrder.Clear();
            _bytes = 0;
        }

        Changes.Set();
    }
}
