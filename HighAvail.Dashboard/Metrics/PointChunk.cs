namespace HighAvail.Dashboard.Metrics;

/// <summary>Some points of a series that follow each other. Points are forgotten by the chunk.</summary>
internal sealed class PointChunk
{
    public const int MaxCount = 128;

    private MetricPoint[] _points = new MetricPoint[4];

    public PointChunk(Series series)
    {
        Series = series;
        InInstrument = new(this);
        InStore = new(this);
    }

    public Series Series { get; }

    public LinkedListNode<PointChunk> InInstrument { get; }

    public LinkedListNode<PointChunk> InStore { get; }

    public int Count { get; private set; }

    public int Bytes { get; private set; }

    public bool IsFull => Count == MaxCount;

    public ref MetricPoint Last => ref _points[Count - 1];

    public ReadOnlySpan<MetricPoint> Points => _points.AsSpan(0, Count);

    public void Add(in MetricPoint point, int bytes)
    {
        if (Count == _points.Length)
        {
            Array.Resize(ref _points, Count * 2);
        }

        _points[Count++] = point;
        Bytes += bytes;
    }
}
