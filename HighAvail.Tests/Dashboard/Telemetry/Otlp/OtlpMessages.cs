using HighAvail.Drill.Bench.Telemetry;

namespace HighAvail.Tests.Dashboard.Telemetry.Otlp;

/// <summary>Requests as senders make them (opentelemetry-proto, whose field numbers stand here).</summary>
internal static class OtlpMessages
{
    /// <summary>A time that is neither now nor far away.</summary>
    public static readonly ulong Noon = (ulong)(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks * 100;

    public const ulong Second = 1_000_000_000;

    /// <summary>An export of some items of one scope of one resource.</summary>
    public static byte[] Request(string service, string? instance, string scope, params IEnumerable<ProtobufWriter> items)
    {
        var resource = new ProtobufWriter().Attribute(1, "service.name", service);
        if (instance is not null)
        {
            resource.Attribute(1, "service.instance.id", instance);
        }

        var group = new ProtobufWriter().Message(1, new ProtobufWriter().Text(1, scope).Text(2, "1.0"));
        foreach (var item in items)
        {
            group.Message(2, item);
        }

        return new ProtobufWriter().Message(1, new ProtobufWriter().Message(1, resource).Message(2, group)).ToArray();
    }

    public static byte[] Request(params IEnumerable<ProtobufWriter> items) => Request("orders", "orders-0", "test", items);

    /// <summary>A span of a trace; further fields can be added.</summary>
    public static ProtobufWriter Span(
        ulong trace, ulong id, ulong parent = 0, string name = "span", ulong? start = null, ulong? end = null, int status = 0)
    {
        var from = start ?? Noon;
        var span = new ProtobufWriter().Bytes(1, [.. BigEndian(0), .. BigEndian(trace)]).Bytes(2, BigEndian(id));
        if (parent != 0)
        {
            span.Bytes(4, BigEndian(parent));
        }

        span.Text(5, name).Varint(6, 2).Fixed64(7, from).Fixed64(8, end ?? from + Second);
        return status == 0 ? span : span.Message(15, new ProtobufWriter().Text(2, "it broke").Varint(3, (ulong)status));
    }

    /// <summary>An entry of a log; further fields can be added.</summary>
    public static ProtobufWriter Log(string text, int severity = 9, ulong? time = null, ulong trace = 0, ulong span = 0)
    {
        var log = new ProtobufWriter().Fixed64(1, time ?? Noon).Varint(2, (ulong)severity).Message(5, new ProtobufWriter().Text(1, text));
        return trace == 0 ? log : log.Bytes(9, [.. BigEndian(0), .. BigEndian(trace)]).Bytes(10, BigEndian(span));
    }

    /// <summary>A sum that only grows, since the beginning.</summary>
    public static ProtobufWriter Counter(string name, params IEnumerable<ProtobufWriter> points) => Sum(name, isDifference: false, points);

    public static ProtobufWriter Sum(string name, bool isDifference, params IEnumerable<ProtobufWriter> points) =>
        Metric(name, 7, points, data => data.Varint(2, isDifference ? 1UL : 2).Varint(3, 1));

    public static ProtobufWriter Gauge(string name, params IEnumerable<ProtobufWriter> points) => Metric(name, 5, points, static _ => { });

    public static ProtobufWriter Histogram(string name, params IEnumerable<ProtobufWriter> points) => Metric(name, 9, points, static data => data.Varint(2, 2));

    public static ProtobufWriter Number(double value, ulong time, ulong start = 0, string? attribute = null)
    {
        var point = new ProtobufWriter().Fixed64(2, start).Fixed64(3, time).Double(4, value);
        return attribute is null ? point : point.Attribute(7, "key", attribute);
    }

    public static ProtobufWriter Distribution(ulong[] counts, double[] bounds, ulong time, ulong start = 0, int? status = null)
    {
        var point = new ProtobufWriter().Fixed64(2, start).Fixed64(3, time).Fixed64(4, counts.Aggregate(0UL, static (sum, count) => sum + count)).Double(5, 1);
        point.Bytes(6, [.. counts.SelectMany(BitConverter.GetBytes)]).Bytes(7, [.. bounds.SelectMany(BitConverter.GetBytes)]);
        return status is { } code ? point.Attribute(9, "http.response.status_code", code) : point;
    }

    private static ProtobufWriter Metric(string name, int field, IEnumerable<ProtobufWriter> points, Action<ProtobufWriter> rest)
    {
        var data = new ProtobufWriter();
        foreach (var point in points)
        {
            data.Message(1, point);
        }

        rest(data);
        return new ProtobufWriter().Text(1, name).Text(2, $"What {name} is.").Text(3, "s").Message(field, data);
    }

    private static byte[] BigEndian(ulong value) => [.. BitConverter.GetBytes(value).Reverse()];
}
