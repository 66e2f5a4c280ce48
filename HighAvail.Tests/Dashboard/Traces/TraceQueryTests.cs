using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;
using HighAvail.Dashboard.Traces;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.Dashboard.Traces;

public sealed class TraceQueryTests
{
    private readonly TraceStore _store = new(Options.Create(new TelemetryLimits()), TimeProvider.System);

    public TraceQueryTests()
    {
        var reader = new SpanReader(new TelemetryResources(), TimeProvider.System);
        _store.Add(reader.Read(OtlpMessages.Request("gateway", "gateway-0", "http", OtlpMessages.Span(1, 1, name: "GET /orders").Attribute(9, "code", 200)), new()));
        _store.Add(reader.Read(OtlpMessages.Request("orders", "orders-1", "db", OtlpMessages.Span(1, 2, parent: 1, name: "SELECT", end: OtlpMessages.Noon + 1_000_000)), new()));
        _store.Add(reader.Read(OtlpMessages.Request(
            "gateway", "gateway-1", "http", OtlpMessages.Span(2, 3, name: "POST /orders", start: OtlpMessages.Noon + 1, end: OtlpMessages.Noon + (3 * OtlpMessages.Second), status: 2).Attribute(9, "code", 503)), new()));
    }

    [Theory]
    [InlineData("", 2, 1)]
    [InlineData("resource=gateway", 2, 1)]
    [InlineData("resource=gateway-1", 2)]
    [InlineData("resource=orders", 1)]
    [InlineData("resource=users")]
    [InlineData("text=get", 1)]
    [InlineData("text=00000002", 2)]
    [InlineData("text=select")]
    [InlineData("errors", 2)]
    [InlineData("duration=2000", 2)]
    [InlineData("is:code:503", 2)]
    [InlineData("less:code:300", 1)]
    [InlineData("is:name:select", 1)]
    [InlineData("greater:duration:2000", 2)]
    [InlineData("is:code:200 is:name:select")]
    [InlineData("is:library:db resource=gateway", 1)]
    [InlineData("is:kind:server is:resource:gateway-1", 2)]
    public void Apply_Conditions_AreMetByWhatIsLeftLatestFirst(string conditions, params int[] expected)
    {
        var parts = conditions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var query = new TraceQuery(
            Value("resource="),
            Value("text="),
            parts.Contains("errors"),
            Value("duration=") is { } milliseconds ? ulong.Parse(milliseconds) * 1_000_000 : 0,
            0,
            FilterParameters.Parse([.. parts.Where(part => part.Contains(':'))]));

        Assert.Equal(expected, query.Apply(_store.Snapshot()).Select(trace => (int)trace.Id));

        string? Value(string name) => Array.Find(parts, part => part.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
    }

    [Fact]
    public void Apply_After_LeavesWhatBeganLater() =>
        Assert.Equal([2], new TraceQuery(null, null, false, 0, OtlpMessages.Noon + 1, []).Apply(_store.Snapshot()).Select(trace => (int)trace.Id));
}
