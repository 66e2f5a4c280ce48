using System.Diagnostics;
using System.Diagnostics.Metrics;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Traces;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = HighAvail.Dashboard.Traces.SpanKind;

namespace HighAvail.Tests.Dashboard.Telemetry.Otlp;

/// <summary>What OpenTelemetry's own exporters send, by either protocol.</summary>
public sealed partial class ExporterTests : IDisposable
{
    private readonly ActivitySource _source = new(Guid.NewGuid().ToString());
    private readonly Meter _meter = new(Guid.NewGuid().ToString());

    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Export_Spans_AreKeptWithAllTheyHave(OtlpExportProtocol protocol)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        ActivityTraceId traceId;
        using (Sdk.CreateTracerProviderBuilder().AddSource(_source.Name).SetResourceBuilder(Resource()).AddOtlpExporter(options => Configure(options, receiver, protocol, "traces")).Build())
        {
            Activity.Current = null;
            using var parent = _source.StartActivity("parent", ActivityKind.Server)!;
            traceId = parent.TraceId;
            using var child = _source.StartActivity("child")!;
            child.SetTag("order.id", 7).SetTag("tags", new[] { "a", "b" }).SetStatus(ActivityStatusCode.Error, "it broke");
            child.AddEvent(new ActivityEvent("paused", tags: new() { ["for"] = "a while" }));
            child.AddLink(new ActivityLink(new ActivityContext(traceId, parent.SpanId, ActivityTraceFlags.Recorded)));
        }

        var trace = Assert.Single(receiver.Traces.Snapshot());
        Assert.Equal(traceId.ToHexString(), TelemetryIds.Format(trace.Id));
        Assert.Equal(["parent", "child"], Waterfall.Of(trace).Select(row => row.Span.Name));
        var (root, span) = (trace.Root, Waterfall.Of(trace)[1].Span);
        Assert.Equal((SpanKind.Server, root.Id, SpanStatus.Error), (root.Kind, span.ParentId, span.Status));
        Assert.Equal(("shop", "shop-3"), (span.Resource.Service, span.Resource.Name));
        var details = SpanDetails.Read(span);
        Assert.Equal("it broke", details.StatusMessage);
        Assert.Contains(new("order.id", "7"), details.Attributes);
        Assert.Contains(new("tags", """["a","b"]"""), details.Attributes);
        Assert.Equal(("paused", "a while"), (Assert.Single(details.Events).Name, details.Events[0].Attributes.Single().Value));
        Assert.Equal(root.Id, Assert.Single(details.Links).Target.SpanId);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Export_Logs_AreKeptWithTheirTraces(OtlpExportProtocol protocol)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        using var activity = new Activity("work").Start();
        using (var loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(Resource()).AddOtlpExporter(exporter => Configure(exporter, receiver, protocol, "logs"));
        })))
        {
            LogBroke(loggers.CreateLogger("Shop.Orders"), 7, new InvalidOperationException("no more"));
        }

        var log = Assert.Single(receiver.Logs.Snapshot());
        Assert.Equal(("Order 7 broke", LogLevel.Error, "Shop.Orders"), (log.ReadText(), log.Level, log.Scope.Name));
        Assert.Equal(activity.TraceId.ToHexString(), TelemetryIds.Format(log.TraceId));
        Assert.Contains(new("Order", "7"), log.ReadAttributes());
        Assert.Contains(log.ReadAttributes(), attribute => attribute is { Name: "exception.stacktrace", Value: var stack } && stack.Contains("no more", StringComparison.Ordinal));
        Assert.DoesNotContain(log.ReadAttributes(), attribute => attribute.Name == "{OriginalFormat}");
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Export_Metrics_AreKeptByAttributes(OtlpExportProtocol protocol)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        using (Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).SetResourceBuilder(Resource()).AddOtlpExporter(options => Configure(options, receiver, protocol, "metrics")).Build())
        {
            var counter = _meter.CreateCounter<long>("orders", "{order}", "Orders that were placed.");
            counter.Add(2, new KeyValuePair<string, object?>("outcome", "good"));
            counter.Add(1, new KeyValuePair<string, object?>("outcome", "bad"));
            _meter.CreateHistogram<double>("time", "s").Record(0.3);
            _meter.CreateUpDownCounter<int>("open").Add(-4);
        }

        var orders = receiver.Metrics.Read("shop-3", _meter.Name, "orders", 0);
        Assert.Equal(HighAvail.Dashboard.Metrics.InstrumentKind.Counter, orders[0].Instrument.Kind);
        Assert.Equal(("{order}", "Orders that were placed."), (orders[0].Instrument.Unit, orders[0].Instrument.Description));
        Assert.Equal([("bad", 1), ("good", 2)], orders.Select(series => (series.ValueOf("outcome"), series.Points[^1].Value)).Order());
        var time = Assert.Single(receiver.Metrics.Read("shop", _meter.Name, "time", 0)).Points[^1];
        Assert.Equal((1, 0.3, 1L), (time.Count, time.Value, time.Buckets!.Sum()));
        Assert.Equal(-4, Assert.Single(receiver.Metrics.Read("shop", _meter.Name, "open", 0)).Points[^1].Value);
    }

    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "shop"), new("service.instance.id", "shop-3")]);

    private static void Configure(OtlpExporterOptions options, TelemetryReceiver receiver, OtlpExportProtocol protocol, string signal)
    {
        options.Protocol = protocol;
        // One by one, so that nothing waits for the end of the exporter, which is not waited for long.
        options.ExportProcessorType = ExportProcessorType.Simple;
        options.TimeoutMilliseconds = 60_000;
        options.Endpoint = protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(receiver.Http, $"/v1/{signal}") : receiver.Grpc;
        options.Headers = $"{ApiKeys.Header}={TelemetryReceiver.Key}";
    }

    [LoggerMessage(LogLevel.Error, "Order {Order} broke")]
    private static partial void LogBroke(ILogger logger, int order, Exception exception);
}
