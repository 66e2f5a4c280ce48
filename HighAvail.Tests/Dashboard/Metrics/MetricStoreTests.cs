using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Drill.Bench.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.Dashboard.Metrics;

public sealed class MetricStoreTests
{
    private readonly Rejections _rejections = new();
    private readonly MetricReader _reader = new(new TelemetryResources(), TimeProvider.System);

    [Fact]
    public void Add_MoreThanTheLimit_LastPointsRemain()
    {
        var store = Store(new() { MaxMetricsCount = 1_000 });

        for (var i = 1; i <= 5_000; i++)
        {
            Add(store, OtlpMessages.Gauge("g", OtlpMessages.Number(i, At(i))));
        }

        var points = Assert.Single(Read(store, "g")).Points;
        Assert.InRange(points.Length, 1_000 - PointChunk.MaxCount, 1_000);
        Assert.Equal(5_000, points[^1].Value);
        Assert.Equal(5_001 - points.Length, points[0].Value);
    }

    [Fact]
    public void Add_MoreBytesThanTheLimit_OldestOfAllGoFirst()
    {
        var store = Store(new() { MaxMetricBytes = 100_000 });

        for (var i = 1; i <= 1_000; i++)
        {
            Add(store, OtlpMessages.Gauge("first", OtlpMessages.Number(i, At(i))));
        }

        for (var i = 1; i <= 5_000; i++)
        {
            Add(store, OtlpMessages.Histogram("second", OtlpMessages.Distribution([(ulong)i, 0, 0], [1, 2], At(i))));
        }

        Assert.Empty(Assert.Single(Read(store, "first")).Points);
        Assert.InRange(Assert.Single(Read(store, "second")).Points.Length, 500, 1_100);
    }

    [Fact]
    public void Add_EndlessAttributes_AreRefusedAndThoseOfOthersGo()
    {
        var store = Store(new() { MaxSeriesCount = 10 });
        store.Add(_reader.Read(OtlpMessages.Request("gone", null, "m", OtlpMessages.Gauge("g", OtlpMessages.Number(1, At(1)))), _rejections), _rejections);

        Add(store, OtlpMessages.Gauge("g", Enumerable.Range(1, 25).Select(i => OtlpMessages.Number(i, At(1), attribute: $"{i}"))));

        Assert.Equal(10, Read(store, "g").Count);
        Assert.Equal(15, _rejections.Count);
        Assert.Contains("10 combinations", _rejections.Reason, StringComparison.Ordinal);
        Assert.Empty(store.Read("gone", "m", "g", 0));
    }

    [Fact]
    public void Add_SameValue_IsOnePointForAllTheTime()
    {
        var store = Store();

        for (var i = 1; i <= 100; i++)
        {
            Add(store, OtlpMessages.Gauge("g", OtlpMessages.Number(i < 60 ? 1 : 2, At(i))));
        }

        Assert.Equal([(At(1), At(59), 1), (At(60), At(100), 2)], Assert.Single(Read(store, "g")).Points.Select(point => (point.From, point.To, point.Value)));
    }

    [Fact]
    public void Add_Differences_AreAddedUp()
    {
        var store = Store();

        Add(store, OtlpMessages.Sum("s", isDifference: true, OtlpMessages.Number(2, At(2), start: At(1))));
        Add(store, OtlpMessages.Sum("s", isDifference: true, OtlpMessages.Number(3, At(3), start: At(2))));

        Assert.Equal([0, 2, 5], Assert.Single(Read(store, "s")).Points.Select(point => point.Value));
    }

    [Fact]
    public void Add_FirstFailure_IsAChangeOfOne()
    {
        var store = Store();
        Add(store, OtlpMessages.Counter("c", OtlpMessages.Number(100, At(10), start: At(1), attribute: "good")));

        Add(store, OtlpMessages.Counter("c", OtlpMessages.Number(110, At(11), start: At(1), attribute: "good"), OtlpMessages.Number(1, At(11), start: At(1), attribute: "bad")));

        var bad = Increment.Of(Read(store, "c").Single(series => series.ValueOf("key") == "bad").Points).Single();
        Assert.Equal((At(10), At(11), 1.0), (bad.From, bad.To, bad.Value));
        var good = Increment.Of(Read(store, "c").Single(series => series.ValueOf("key") == "good").Points).ToArray();
        Assert.Equal([(At(1), At(10), 100.0), (At(10), At(11), 10.0)], good.Select(change => (change.From, change.To, change.Value)));
    }

    [Fact]
    public void Add_AfterARestart_BeginsAtZero()
    {
        var store = Store();
        Add(store, OtlpMessages.Counter("c", OtlpMessages.Number(100, At(10), start: At(1))));

        Add(store, OtlpMessages.Counter("c", OtlpMessages.Number(300, At(21), start: At(20))));

        Assert.Equal([100.0, 0, 300], Increment.Of(Assert.Single(Read(store, "c")).Points).Select(change => change.Value));
    }

    [Fact]
    public void Add_OtherKindOfTheSameName_TakesItsPlace()
    {
        var store = Store();
        Add(store, OtlpMessages.Gauge("x", OtlpMessages.Number(1, At(1))));

        Add(store, OtlpMessages.Histogram("x", OtlpMessages.Distribution([1, 1], [5], At(2))));

        Assert.Equal(InstrumentKind.Histogram, Assert.Single(Read(store, "x")).Instrument.Kind);
    }

    [Fact]
    public void Read_From_BeginsWithTheLastPointBefore()
    {
        var store = Store();
        for (var i = 1; i <= 1_000; i++)
        {
            Add(store, OtlpMessages.Gauge("g", OtlpMessages.Number(i, At(i))));
        }

        var points = store.Read("orders", "test", "g", At(900)).Single().Points;

        Assert.True(points[0].To < At(900));
        Assert.InRange(points.Length, 102, 102 + PointChunk.MaxCount);
    }

    [Fact]
    public void Read_ExponentialHistogram_HasBoundsOfItsScale()
    {
        var store = Store();
        // Scale 0: powers of two. Offset 1, so from 2 to 4 and from 4 to 8; two that are zero, one that is less.
        var point = new ProtobufWriter().Fixed64(3, At(1)).Fixed64(4, 8).Double(5, 20).Varint(6, 0).Fixed64(7, 2)
            .Message(8, new ProtobufWriter().Varint(1, 2).Bytes(2, [3, 2])).Message(9, new ProtobufWriter().Varint(1, 0).Bytes(2, [1]));

        Add(store, new ProtobufWriter().Text(1, "e").Message(10, new ProtobufWriter().Message(1, point).Varint(2, 2)));

        var read = Assert.Single(Read(store, "e")).Points[^1];
        Assert.Equal([3L, 3, 2, 0], read.Buckets!);
        Assert.Equal([2.0, 4, 8], read.Bounds!);
    }

    [Fact]
    public void Read_SummaryAndWhatHasNoValue_AreCountedOrPassedOver()
    {
        var store = Store();
        var summary = new ProtobufWriter().Fixed64(3, At(1)).Fixed64(4, 4).Double(5, 10).Message(6, new ProtobufWriter().Double(1, 0.5).Double(2, 2));

        Add(
            store,
            new ProtobufWriter().Text(1, "s").Message(11, new ProtobufWriter().Message(1, summary)),
            OtlpMessages.Gauge("nothing", new ProtobufWriter().Fixed64(3, At(1)).Varint(8, 1)),
            OtlpMessages.Histogram("wrong", OtlpMessages.Distribution([1, 2, 3], [5], At(1))));

        Assert.Equal((4, 10), (Read(store, "s").Single().Points[^1].Count, Read(store, "s").Single().Points[^1].Value));
        Assert.Empty(Read(store, "nothing"));
        Assert.Empty(Read(store, "wrong"));
        Assert.Equal(1, _rejections.Count);
    }

    private static ulong At(int second) => OtlpMessages.Noon + ((ulong)second * OtlpMessages.Second);

    private static MetricStore Store(TelemetryLimits? limits = null) => new(Options.Create(limits ?? new()));

    private static List<SeriesValues> Read(MetricStore store, string name) => store.Read("orders", "test", name, 0);

    private void Add(MetricStore store, params IEnumerable<ProtobufWriter> metrics) => store.Add(_reader.Read(OtlpMessages.Request(metrics), _rejections), _rejections);
}
