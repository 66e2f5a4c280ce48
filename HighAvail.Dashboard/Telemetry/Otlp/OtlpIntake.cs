using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.StructuredLogs;
using HighAvail.Dashboard.Telemetry.Protobuf;
using HighAvail.Dashboard.Traces;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>Puts what is received where it is kept: all of a request, or nothing.</summary>
internal sealed class OtlpIntake(TelemetryResources resources, TraceStore traces, LogStore logs, MetricStore metrics, TimeProvider time)
{
    private readonly SpanReader _spans = new(resources, time);
    private readonly LogReader _logs = new(resources, time);
    private readonly MetricReader _points = new(resources, time);

    /// <exception cref="MalformedProtobufException">The request is not one of this signal.</exception>
    public Rejections Receive(OtlpSignal signal, ReadOnlySpan<byte> request)
    {
        var rejections = new Rejections();
        switch (signal)
        {
            case OtlpSignal.Traces:
                traces.Add(_spans.Read(request, rejections));
                break;
            case OtlpSignal.Logs:
                logs.Add(_logs.Read(request));
                break;
            case OtlpSignal.Metrics:
                metrics.Add(_points.Read(request, rejections), rejections);
                break;
        }

        return rejections;
    }
}
