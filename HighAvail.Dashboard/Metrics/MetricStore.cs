using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.Metrics;

/// <summary>The last values of all instruments. The oldest go first: of an instrument that has too many, and of all when there are too many bytes.</summary>
internal sealed class MetricStore(IOptions<TelemetryLimits> options)
{
    private readonly TelemetryLimits _limits = options.Value;
    private readonly Lock _lock = new();

    // Those whose resource sent longest ago come first.
    private readonly OrderedDictionary<TelemetryResource, Dictionary<(string Meter, string Name), Instrument>> _resources = [];
    private readonly LinkedList<PointChunk> _chunks = new();
    private long _bytes;
    private int _series;

    /// <summary>What can be shown, by resource.</summary>
    public List<InstrumentDescription> Instruments()
    {
        lock (_lock)
        {
            return [.. _resources.Values.SelectMany(static instruments => instruments.Values).Select(static instrument => instrument.Description)];
        }
    }

    /// <summary>The points of an instrument, from the last before a time on.</summary>
    /// <param name="resourceName">A replica, or a service with all of its replicas.</param>
    /// <param name="meter">The library that made the instrument.</param>
    /// <param name="name">Its name.</param>
    /// <param name="from">Nanoseconds since 1970.</param>
    public List<SeriesValues> Read(string resourceName, string meter, string name, ulong from)
    {
        var result = new List<SeriesValues>();
        lock (_lock)
        {
            foreach (var (resource, instruments) in _resources)
            {
                if (resource.Is(resourceName) && instruments.TryGetValue((meter, name), out var instrument))
                {
                    result.AddRange(instrument.Series.Values.Select(series => new SeriesValues(instrument.Description, series.Attributes, PointsFrom(series, from))));
                }
            }
        }

        return result;
    }

    public void Add(List<ReceivedPoint> points, Rejections rejections)
    {
        if (points.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            TelemetryResource? last = null;
            foreach (var point in points)
            {
                if (point.Instrument.Resource != last)
                {
                    last = point.Instrument.Resource;
                    MoveToEnd(last);
                }

                if (SeriesOf(point) is { } series)
                {
                    Add(series, point);
                }
                else
                {
                    rejections.Add($"There are more than {_limits.MaxSeriesCount} combinations of attributes.");
                }
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _resources.Clear();
            _chunks.Clear();
            (_bytes, _series) = (0, 0);
        }
    }

    private void Add(Series series, ReceivedPoint received)
    {
        var instrument = series.Instrument;
        var point = received.Value;
        if (instrument.Description.Kind is InstrumentKind.Counter or InstrumentKind.Histogram && BeginningOf(series, received) is { } beginning)
        {
            Append(series, new MetricPoint(beginning, beginning, 0));
        }

        if (series.Newest is { Count: > 0 } newest)
        {
            ref var last = ref newest.Last;
            if (received.IsDifference)
            {
                point = point.AddTo(last);
            }

            if (point.HasSameValue(last) && point.From >= last.To)
            {
                last = last with { To = point.To };
                instrument.Sent(point.To);
                return;
            }
        }

        Append(series, point);
        instrument.Sent(point.To);
    }

    // What is counted begins at zero: when the process began, or, with attributes that are seen for the first time, after the last time that the
    // instrument was sent without them. Otherwise the first failure of a service would be no change of anything.
    private static ulong? BeginningOf(Series series, ReceivedPoint received)
    {
        if (!series.HasBegun)
        {
            var before = received.IsDifference ? received.Start : Math.Max(received.Start, series.Instrument.SentBefore(received.Value.From));
            return before == 0 ? null : before;
        }

        return !received.IsDifference && series.Newest is { } newest && received.Start > newest.Last.To ? received.Start : null;
    }

    private void Append(Series series, MetricPoint point)
    {
        var bytes = point.Bytes + (sizeof(double) * (point.Bounds?.Length ?? 0));
        if (point.Bounds is not null && series.Newest is { Count: > 0 } newest && point.Bounds.AsSpan().SequenceEqual(newest.Last.Bounds))
        {
            // The same bounds are kept once.
            point = point with { Bounds = newest.Last.Bounds };
            bytes = point.Bytes;
        }

        var instrument = series.Instrument;
        if (series.Newest is null or { IsFull: true })
        {
            series.Newest = new PointChunk(series);
            series.Chunks.Enqueue(series.Newest);
            instrument.Chunks.AddLast(series.Newest.InInstrument);
            _chunks.AddLast(series.Newest.InStore);
        }

        series.HasBegun = true;
        series.Newest.Add(point, bytes);
        instrument.Count++;
        _bytes += bytes;
        while (instrument.Count > _limits.MaxMetricsCount)
        {
            Drop(instrument.Chunks.First!.Value);
        }

        while (_bytes > _limits.MaxMetricBytes && _chunks.First is { } oldest)
        {
            Drop(oldest.Value);
        }
    }

    private void Drop(PointChunk chunk)
    {
        var series = chunk.Series;
        // A chunk that is older than all others is the oldest of its series, too.
        series.Chunks.Dequeue();
        if (series.Newest == chunk)
        {
            series.Newest = null;
        }

        series.Instrument.Chunks.Remove(chunk.InInstrument);
        series.Instrument.Count -= chunk.Count;
        _chunks.Remove(chunk.InStore);
        _bytes -= chunk.Bytes;
    }

    private void MoveToEnd(TelemetryResource resource)
    {
        if (_resources.Count > 0 && _resources.GetAt(_resources.Count - 1).Key == resource)
        {
            return;
        }

        _resources.Remove(resource, out var instruments);
        _resources[resource] = instruments ?? [];
    }

    private Series? SeriesOf(ReceivedPoint point)
    {
        var instruments = _resources[point.Instrument.Resource];
        var name = (point.Instrument.Meter, point.Instrument.Name);
        if (instruments.TryGetValue(name, out var instrument) && instrument.Description.Kind != point.Instrument.Kind)
        {
            Forget(instrument);
            instruments.Remove(name);
            instrument = null;
        }

        var key = string.Join('\0', point.Attributes.Select(static attribute => $"{attribute.Name}\0{attribute.Value}"));
        if (instrument is not null && instrument.Series.TryGetValue(key, out var series))
        {
            return series;
        }

        // Replicas that are no more make room for those that are.
        while (_series >= _limits.MaxSeriesCount && _resources.Count > 1)
        {
            foreach (var silent in _resources.GetAt(0).Value.Values)
            {
                Forget(silent);
            }

            _resources.RemoveAt(0);
        }

        if (_series >= _limits.MaxSeriesCount)
        {
            return null;
        }

        _series++;
        instruments[name] = instrument ??= new Instrument(point.Instrument);
        return instrument.Series[key] = new Series(instrument, point.Attributes);
    }

    private void Forget(Instrument instrument)
    {
        while (instrument.Chunks.First is { } chunk)
        {
            Drop(chunk.Value);
        }

        _series -= instrument.Series.Count;
    }

    private static MetricPoint[] PointsFrom(Series series, ulong from)
    {
        var points = new List<MetricPoint>();
        foreach (var chunk in series.Chunks)
        {
            // The last one before is where the first difference begins.
            if (chunk.Last.To < from)
            {
                points.Clear();
                points.Add(chunk.Last);
                continue;
            }

            points.AddRange(chunk.Points);
        }

        return [.. points];
    }
}
