using System.Buffers.Binary;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Traces;

/// <summary>Reads spans from an <c>ExportTraceServiceRequest</c> (opentelemetry-proto, trace_service.proto and trace.proto, whose field numbers stand here).</summary>
internal sealed class SpanReader(TelemetryResources resources, TimeProvider time)
{
    /// <summary>Reads all of it before anything is kept, so that nothing of a broken request is.</summary>
    /// <exception cref="MalformedProtobufException">It is none.</exception>
    public List<Span> Read(ReadOnlySpan<byte> request, Rejections rejections)
    {
        var spans = new List<Span>();
        var now = TelemetryTime.FromDateTime(time.GetUtcNow());
        foreach (var group in new OtlpGroups(request, resources))
        {
            var reader = new ProtobufReader(group.Message);
            while (reader.Read())
            {
                if ((reader.Field, reader.Type) == (2, WireType.Bytes) && Read(reader.Bytes, group.Resource, group.Scope, now, rejections) is { } span)
                {
                    spans.Add(span);
                }
            }
        }

        return spans;
    }

    private Span? Read(ReadOnlySpan<byte> message, TelemetryResource resource, TelemetryScope scope, ulong now, Rejections rejections)
    {
        ReadOnlySpan<byte> traceId = [], id = [], parentId = [], name = [];
        var (kind, status, start, end, hasLinks) = (SpanKind.Unspecified, SpanStatus.Unset, 0UL, 0UL, false);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes):
                    traceId = reader.Bytes;
                    break;
                case (2, WireType.Bytes):
                    id = reader.Bytes;
                    break;
                case (4, WireType.Bytes):
                    parentId = reader.Bytes;
                    break;
                case (5, WireType.Bytes):
                    name = reader.Bytes;
                    break;
                case (6, WireType.Varint):
                    kind = reader.Number <= (ulong)SpanKind.Consumer ? (SpanKind)reader.Number : SpanKind.Unspecified;
                    break;
                case (7, WireType.Fixed64):
                    start = reader.Number;
                    break;
                case (8, WireType.Fixed64):
                    end = reader.Number;
                    break;
                case (9, WireType.Bytes):
                    Attributes.Check(reader.Bytes);
                    break;
                case (11, WireType.Bytes):
                    Check(reader.Bytes, attributes: 3);
                    break;
                case (13, WireType.Bytes):
                    Check(reader.Bytes, attributes: 4);
                    hasLinks = true;
                    break;
                case (15, WireType.Bytes):
                    status = ReadStatus(reader.Bytes);
                    break;
            }
        }

        if (traceId.Length != 16 || id.Length != 8 || !traceId.ContainsAnyExcept((byte)0) || !id.ContainsAnyExcept((byte)0))
        {
            rejections.Add("A span needs a trace_id of 16 bytes and a span_id of 8 that are not all zero.");
            return null;
        }

        // Without a time it happened when we heard of it: a row of 1970 would be found by nobody.
        start = start != 0 ? start : end != 0 ? end : now;
        return new Span
        {
            TraceId = BinaryPrimitives.ReadUInt128BigEndian(traceId),
            Id = BinaryPrimitives.ReadUInt64BigEndian(id),
            ParentId = parentId.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(parentId) : 0,
            Name = resources.NameOf(name),
            Kind = kind,
            Status = status,
            Start = start,
            End = Math.Max(start, end),
            Resource = resource,
            Scope = scope,
            HasLinks = hasLinks,
            Message = message.ToArray(),
        };
    }

    private static SpanStatus ReadStatus(ReadOnlySpan<byte> message)
    {
        var status = SpanStatus.Unset;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) == (3, WireType.Varint))
            {
                status = reader.Number <= (ulong)SpanStatus.Error ? (SpanStatus)reader.Number : SpanStatus.Unset;
            }
        }

        return status;
    }

    private static void Check(ReadOnlySpan<byte> message, int attributes)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == attributes && reader.Type == WireType.Bytes)
            {
                Attributes.Check(reader.Bytes);
            }
        }
    }
}
