using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Traces;
using HighAvail.Drill.Bench.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.Dashboard.Traces;

public sealed class TraceLinksTests
{
    private readonly TraceStore _store = new(Options.Create(new TelemetryLimits()), TimeProvider.System);

    // Two requests and the batch that came from both; and a span that names one of its own trace.
    public TraceLinksTests() => _store.Add(new SpanReader(new TelemetryResources(), TimeProvider.System).Read(
        OtlpMessages.Request(
            OtlpMessages.Span(1, 11), OtlpMessages.Span(1, 12, parent: 11), OtlpMessages.Span(2, 21), Link(Link(Link(OtlpMessages.Span(3, 31), 1, 12), 2, 21), 1, 12), Link(OtlpMessages.Span(3, 32), 3, 31)),
        new()));

    [Fact]
    public void From_Trace_AreTheOthersThatItNamesOnce() =>
        Assert.Equal([new(1, 12), new(2, 21)], TraceLinks.From(_store.Find(3)!));

    [Fact]
    public void To_Trace_AreThoseThatNameItBySpan()
    {
        var links = TraceLinks.To(1, _store.Snapshot());

        Assert.Equal([12UL], links.Select(group => group.Key));
        Assert.Equal([new SpanReference(3, 31)], links[12]);
        Assert.Empty(TraceLinks.To(3, _store.Snapshot()));
        Assert.Empty(TraceLinks.From(_store.Find(1)!));
    }

    private static ProtobufWriter Link(ProtobufWriter span, byte trace, byte id) => span.Message(
        13, new ProtobufWriter().Bytes(1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, trace]).Bytes(2, [0, 0, 0, 0, 0, 0, 0, id]));
}
