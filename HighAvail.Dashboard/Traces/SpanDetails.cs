using System.Buffers.Binary;
using System.Text;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Traces;

/// <summary>What a span holds beside what lists show (opentelemetry-proto, trace.proto, whose field numbers stand here).</summary>
internal sealed record SpanDetails(string StatusMessage, IReadOnlyList<AttributeValue> Attributes, IReadOnlyList<SpanEvent> Events, IReadOnlyList<SpanLink> Links)
{
    private const int AttributesField = 9;

    /// <summary>How many links are shown: as many as OpenTelemetry's own libraries let a span have.</summary>
    public const int MaxLinks = 128;

    public static SpanDetails Read(Span span)
    {
        var (message, events, links) = (string.Empty, new List<SpanEvent>(), new List<SpanLink>());
        var reader = new ProtobufReader(span.Message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (11, WireType.Bytes):
                    events.Add(ReadEvent(reader.Bytes));
                    break;
                case (13, WireType.Bytes) when links.Count < MaxLinks:
                    links.Add(new(ReadTarget(reader.Bytes), Telemetry.Attributes.ReadAll(reader.Bytes, 4)));
                    break;
                case (15, WireType.Bytes):
                    message = ReadMessage(reader.Bytes);
                    break;
            }
        }

        return new(message, Telemetry.Attributes.ReadAll(span.Message, AttributesField), events, links);
    }

    /// <summary>Only where the links lead, to look through many spans.</summary>
    public static List<SpanReference> ReadLinks(Span span)
    {
        var links = new List<SpanReference>();
        var reader = new ProtobufReader(span.Message);
        while (links.Count < MaxLinks && reader.Read())
        {
            if ((reader.Field, reader.Type) == (13, WireType.Bytes))
            {
                links.Add(ReadTarget(reader.Bytes));
            }
        }

        return links;
    }

    public static string? FindAttribute(Span span, ReadOnlySpan<byte> name) => Telemetry.Attributes.Find(span.Message, AttributesField, name);

    private static SpanEvent ReadEvent(ReadOnlySpan<byte> message)
    {
        var (at, name) = (0UL, string.Empty);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Fixed64):
                    at = reader.Number;
                    break;
                case (2, WireType.Bytes):
                    name = Encoding.UTF8.GetString(reader.Bytes);
                    break;
            }
        }

        return new(at, name, Telemetry.Attributes.ReadAll(message, 3));
    }

    private static SpanReference ReadTarget(ReadOnlySpan<byte> message)
    {
        var (traceId, spanId) = (UInt128.Zero, 0UL);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes) when reader.Bytes.Length == 16:
                    traceId = BinaryPrimitives.ReadUInt128BigEndian(reader.Bytes);
                    break;
                case (2, WireType.Bytes) when reader.Bytes.Length == 8:
                    spanId = BinaryPrimitives.ReadUInt64BigEndian(reader.Bytes);
                    break;
            }
        }

        return new(traceId, spanId);
    }

    private static string ReadMessage(ReadOnlySpan<byte> status)
    {
        var message = string.Empty;
        var reader = new ProtobufReader(status);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) == (2, WireType.Bytes))
            {
                message = Encoding.UTF8.GetString(reader.Bytes);
            }
        }

        return message;
    }
}

/// <summary>Something that happened during a span.</summary>
/// <param name="Time">Nanoseconds since 1970; 0 if that was not said.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Attributes">Its properties.</param>
internal sealed record SpanEvent(ulong Time, string Name, IReadOnlyList<AttributeValue> Attributes);

/// <summary>Another span that it has to do with.</summary>
internal sealed record SpanLink(SpanReference Target, IReadOnlyList<AttributeValue> Attributes);
