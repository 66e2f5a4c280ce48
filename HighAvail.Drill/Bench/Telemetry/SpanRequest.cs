using System.Buffers.Binary;

namespace HighAvail.Drill.Bench.Telemetry;

/// <summary>
/// An export of spans as a busy web service sends it. It is built once and sent again and again with other ids, so that what is measured is the
/// receiver and not who writes for it.
/// </summary>
internal sealed class SpanRequest
{
    /// <summary>What a span takes that Microsoft's instrumentation of a web request makes.</summary>
    public const int SpanBytes = 417;

    public const int SpansPerTrace = 8;

    // A tag and a length before each id, a tag before each time.
    private const int TraceIdOffset = 2;
    private const int SpanIdOffset = TraceIdOffset + 16 + 2;
    private const int ParentIdOffset = SpanIdOffset + 8 + 2;
    private const int StartOffset = ParentIdOffset + 8 + 1;
    private const int EndOffset = StartOffset + 8 + 1;

    private const ulong Duration = 3_000_000;

    private readonly List<int> _offsets = [];

    public SpanRequest(string service, int spans)
    {
        Spans = spans;
        var span = Span();
        var scope = new ProtobufWriter().Message(1, new ProtobufWriter().Text(1, "Microsoft.AspNetCore").Text(2, "10.0.0"));
        for (var i = 0; i < spans; i++)
        {
            scope.Message(2, span);
            _offsets.Add(scope.Length - span.Length);
        }

        var resource = new ProtobufWriter().Message(1, new ProtobufWriter()
            .Attribute(1, "service.name", service)
            .Attribute(1, "service.instance.id", $"{service}-0")
            .Attribute(1, "telemetry.sdk.language", "dotnet")
            .Attribute(1, "telemetry.sdk.name", "opentelemetry"));
        resource.Message(2, scope);
        var request = new ProtobufWriter().Message(1, resource);
        Message = request.ToArray();
        for (var i = 0; i < spans; i++)
        {
            _offsets[i] += request.Length - scope.Length;
        }
    }

    public int Spans { get; }

    public byte[] Message { get; }

    /// <summary>Gives all spans ids that were not sent yet, and the time.</summary>
    /// <param name="first">The number of the first span.</param>
    public void Renew(long first)
    {
        var now = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        for (var i = 0; i < _offsets.Count; i++)
        {
            var span = Message.AsSpan(_offsets[i]);
            var number = first + i + 1;
            BinaryPrimitives.WriteInt64BigEndian(span[TraceIdOffset..], 1);
            BinaryPrimitives.WriteInt64BigEndian(span[(TraceIdOffset + 8)..], (number / SpansPerTrace) + 1);
            BinaryPrimitives.WriteInt64BigEndian(span[SpanIdOffset..], number);
            BinaryPrimitives.WriteInt64BigEndian(span[ParentIdOffset..], number % SpansPerTrace == 0 ? 0 : number - 1);
            BinaryPrimitives.WriteUInt64LittleEndian(span[StartOffset..], now - Duration);
            BinaryPrimitives.WriteUInt64LittleEndian(span[EndOffset..], now);
        }
    }

    // trace.proto, Span: what changes comes first and in this order, so that it always lies at the same places.
    private static ProtobufWriter Span()
    {
        var span = new ProtobufWriter()
            .Bytes(1, new byte[16])
            .Bytes(2, new byte[8])
            .Bytes(4, new byte[8])
            .Fixed64(7, 1)
            .Fixed64(8, 1)
            .Text(5, "POST /orders/{id}/cancel")
            .Varint(6, 2)
            .Attribute(9, "http.request.method", "POST")
            .Attribute(9, "http.response.status_code", 200)
            .Attribute(9, "http.route", "/orders/{id}/cancel")
            .Attribute(9, "network.protocol.version", "1.1")
            .Attribute(9, "server.address", "localhost")
            .Attribute(9, "server.port", 7443)
            .Attribute(9, "url.scheme", "https");
        // The path makes it as long as it should be: tag, length and name take as much as they do now for any path of that length.
        const string Path = "url.path";
        var rest = SpanBytes - span.Length - new ProtobufWriter().Attribute(9, Path, new string('x', 100)).Length + 100;
        return span.Attribute(9, Path, "/" + new string('x', rest - 1));
    }
}
