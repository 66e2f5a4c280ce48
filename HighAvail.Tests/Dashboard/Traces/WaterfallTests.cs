using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Traces;
using HighAvail.Drill.Bench.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.Dashboard.Traces;

public sealed class WaterfallTests
{
    [Fact]
    public void Of_Tree_EachIsBelowItsParentByTime() =>
        Assert.Equal(
            ["1@0", "2@1", "4@2", "3@1", "5@0"],
            Rows(
                OtlpMessages.Span(1, 5, parent: 99, start: 50),
                OtlpMessages.Span(1, 3, parent: 1, start: 30),
                OtlpMessages.Span(1, 4, parent: 2, start: 25),
                OtlpMessages.Span(1, 2, parent: 1, start: 20),
                OtlpMessages.Span(1, 1, start: 10)));

    [Fact]
    public void Of_EachOthersParents_AreAllThereOnce() =>
        Assert.Equal(["3@0", "1@0", "2@1"], Rows(
            OtlpMessages.Span(1, 1, parent: 2, start: 10), OtlpMessages.Span(1, 2, parent: 1, start: 20), OtlpMessages.Span(1, 3, parent: 3, start: 30)));

    [Fact]
    public void Of_DeepChain_IsShownToADepth()
    {
        var rows = Rows([.. Enumerable.Range(1, 5_000).Select(i => OtlpMessages.Span(1, (ulong)i, parent: (ulong)(i - 1), start: (ulong)i))]);

        Assert.Equal(5_000, rows.Count);
        Assert.Equal("5000@100", rows[^1]);
    }

    private static List<string> Rows(params ProtobufWriter[] spans)
    {
        var store = new TraceStore(Options.Create(new TelemetryLimits()), TimeProvider.System);
        store.Add(new SpanReader(new TelemetryResources(), TimeProvider.System).Read(OtlpMessages.Request(spans), new()));
        return [.. Waterfall.Of(store.Find(1)!).Select(row => $"{row.Span.Id}@{row.Depth}")];
    }
}
