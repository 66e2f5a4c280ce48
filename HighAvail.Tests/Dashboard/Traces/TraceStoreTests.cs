using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Traces;
using HighAvail.Drill.Bench.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Dashboard.Traces;

public sealed class TraceStoreTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Add_MoreThanTheLimit_LastOnesRemain()
    {
        var store = Store(new() { MaxTraceCount = 3 });

        Add(store, [.. Enumerable.Range(1, 10).Select(i => OtlpMessages.Span((ulong)i, 1))]);

        Assert.Equal([8, 9, 10], store.Snapshot().Select(trace => (int)trace.Id));
        Assert.Null(store.Find(7));
        Assert.NotNull(store.Find(8));
    }

    [Fact]
    public void Add_MoreBytesThanTheLimit_LastOnesRemain()
    {
        var store = Store(new() { MaxTraceBytes = 100_000 });

        for (var i = 1UL; i <= 50; i++)
        {
            Add(store, OtlpMessages.Span(i, 1).Attribute(9, "large", new string('x', 10_000)));
            Assert.InRange(store.Bytes, 1, 100_000);
        }

        Assert.InRange(store.Snapshot().Length, 8, 9);
        Assert.Equal(50, (int)store.Snapshot()[^1].Id);
    }

    [Fact]
    public void Add_EndlessTrace_KeepsItsBeginningAndDrivesOutNoOther()
    {
        var store = Store(new() { MaxTraceBytes = 400_000, MaxSpansPerTrace = 100 });
        Add(store, OtlpMessages.Span(1, 1));

        Add(store, [.. Enumerable.Range(1, 1_000).Select(i => OtlpMessages.Span(2, (ulong)i))]);
        Add(store, [.. Enumerable.Range(1, 50).Select(i => OtlpMessages.Span(3, (ulong)i).Attribute(9, "large", new string('x', 10_000)))]);

        Assert.Equal(3, store.Snapshot().Length);
        Assert.Equal((100, 900), (store.Find(2)!.Spans.Length, store.Find(2)!.Dropped));
        Assert.InRange(store.Find(3)!.Bytes, 80_000, 100_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Add_SentAgain_IsThereOnce(int count)
    {
        var store = Store();
        ProtobufWriter[] spans = [.. Enumerable.Range(1, count).Select(i => OtlpMessages.Span(1, (ulong)i))];

        Add(store, spans);
        Add(store, spans);

        Assert.Equal(count, store.Find(1)!.Spans.Length);
    }

    [Fact]
    public void Add_ChildrenFirst_RootIsTheOneWithoutAParent()
    {
        var store = Store();

        Add(store, OtlpMessages.Span(1, 3, parent: 2, start: 1_000, end: 2_000), OtlpMessages.Span(1, 2, parent: 1, start: 900, end: 5_000, status: 2));
        Assert.Equal(2UL, store.Find(1)!.Root.Id);
        Add(store, OtlpMessages.Span(1, 1, start: 950, end: 3_000));

        var trace = store.Find(1)!;
        Assert.Equal((1UL, 900UL, 5_000UL, 4_100UL, 1), (trace.Root.Id, trace.Start, trace.End, trace.Duration, trace.Errors));
    }

    [Fact]
    public void Read_StrangeTimes_AreTimes()
    {
        var store = Store();

        Add(
            store,
            OtlpMessages.Span(1, 1, start: 0, end: 0),
            OtlpMessages.Span(2, 1, start: ulong.MaxValue, end: ulong.MaxValue),
            OtlpMessages.Span(3, 1, start: 5_000, end: 1_000),
            OtlpMessages.Span(4, 1, start: 0, end: 7_000));

        Assert.Equal(_time.GetUtcNow().UtcDateTime, TelemetryTime.ToDateTime(store.Find(1)!.Start));
        Assert.Equal(2554, TelemetryTime.ToDateTime(store.Find(2)!.Start).Year);
        Assert.Equal((5_000UL, 0UL), (store.Find(3)!.Start, store.Find(3)!.Duration));
        Assert.Equal(7_000UL, store.Find(4)!.Start);
        // The clock of a sender decides where it is shown, not how long it is kept.
        Assert.Equal([2, 1, 4, 3], Query().Apply(store.Snapshot()).Select(trace => (int)trace.Id));
    }

    [Fact]
    public void Read_MegabyteInAnAttribute_IsAllThere()
    {
        var store = Store();
        var value = new string('x', 1_000_000);

        Add(store, OtlpMessages.Span(1, 1).Attribute(9, "large", value));

        Assert.Equal(value, Assert.Single(SpanDetails.Read(store.Find(1)!.Root).Attributes).Value);
    }

    [Fact]
    public void Read_ManyResources_AreTheSameForTheSameSender()
    {
        var (store, resources) = (Store(), new TelemetryResources());
        var reader = new SpanReader(resources, _time);

        store.Add(reader.Read(OtlpMessages.Request("orders", "orders-0", "a", OtlpMessages.Span(1, 1)), new()));
        store.Add(reader.Read(OtlpMessages.Request("orders", "orders-1", "a", OtlpMessages.Span(1, 2)), new()));
        store.Add(reader.Read(OtlpMessages.Request("orders", "orders-0", "b", OtlpMessages.Span(1, 3)), new()));
        store.Add(reader.Read(OtlpMessages.Request("users", null, "b", OtlpMessages.Span(1, 4)), new()));
        store.Add(reader.Read(OtlpMessages.Request("", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "b", OtlpMessages.Span(1, 5)), new()));

        var spans = store.Find(1)!.Spans.ToArray();
        Assert.Same(spans[0].Resource, spans[2].Resource);
        Assert.Equal(["orders-0", "orders-1", "users", "unknown_service-6f9619ff"], resources.All.Select(resource => resource.Name));
        Assert.Equal(spans[0].Resource.Color, spans[1].Resource.Color);
        Assert.Equal([("orders-0", 2), ("orders-1", 1), ("users", 1), ("unknown_service-6f9619ff", 1)], TraceSummary.ResourcesOf(store.Find(1)!).Select(part => (part.Resource.Name, part.Count)));
    }

    [Fact]
    public void Resources_EndlessNewOnes_FirstAreForgotten()
    {
        var resources = new TelemetryResources();

        for (var i = 0; i < 3_000; i++)
        {
            new SpanReader(resources, _time).Read(OtlpMessages.Request("orders", $"{i}", "a", OtlpMessages.Span(1, 1)), new());
        }

        Assert.Equal(1_000, resources.All.Count);
        Assert.Equal("2999", resources.All[^1].Instance);
    }

    [Fact]
    public async Task Add_WhileOthersRead_NeitherSeesHalf()
    {
        var store = Store(new() { MaxTraceCount = 50 });
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var seen = 0;
            while (!done.IsCancellationRequested || seen == 0)
            {
                foreach (var trace in Query().Apply(store.Snapshot()))
                {
                    foreach (var row in Waterfall.Of(trace))
                    {
                        Assert.Equal("span", row.Span.Name);
                        seen++;
                    }
                }
            }
        })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i += 20)
            {
                Add(store, [.. Enumerable.Range(i, 20).Select(n => OtlpMessages.Span((ulong)((n / 40) + 1), (ulong)((n * 2) + writer + 1)))]);
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(50, store.Snapshot().Length);
        Assert.All(store.Snapshot(), trace => Assert.InRange(trace.Spans.Length, 1, 80));
    }

    [Fact]
    public void Clear_Everything_IsGone()
    {
        var store = Store();
        Add(store, OtlpMessages.Span(1, 1));

        store.Clear();

        Assert.Empty(store.Snapshot());
        Assert.Equal(0, store.Bytes);
    }

    private static TraceQuery Query() => new(null, null, HasErrors: false, 0, 0, []);

    private TraceStore Store(TelemetryLimits? limits = null) => new(Options.Create(limits ?? new()), _time);

    private void Add(TraceStore store, params IEnumerable<ProtobufWriter> spans) =>
        store.Add(new SpanReader(new TelemetryResources(), _time).Read(OtlpMessages.Request(spans), new Rejections()));
}
