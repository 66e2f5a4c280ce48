using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>
/// Attributes where they lie: in the message that they came with (opentelemetry-proto, common.proto). They are checked when it arrives,
/// so that reading them later, when somebody looks, cannot fail.
/// </summary>
internal static class Attributes
{
    // As many as Google's own readers allow: deeper is an attack on the stack.
    private const int MaxDepth = 100;

    private static readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Checks a <c>KeyValue</c>.</summary>
    /// <exception cref="MalformedProtobufException">It is none.</exception>
    public static void Check(ReadOnlySpan<byte> attribute, int depth = 0)
    {
        var reader = new ProtobufReader(attribute);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) == (2, WireType.Bytes))
            {
                CheckValue(reader.Bytes, depth);
            }
        }
    }

    /// <summary>Checks an <c>AnyValue</c>.</summary>
    /// <exception cref="MalformedProtobufException">It is none, or nested too deep.</exception>
    public static void CheckValue(ReadOnlySpan<byte> value, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new MalformedProtobufException($"A value is nested more than {MaxDepth} deep.");
        }

        var reader = new ProtobufReader(value);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) is (5 or 6, WireType.Bytes))
            {
                var isArray = reader.Field == 5;
                var items = new ProtobufReader(reader.Bytes);
                while (items.Read())
                {
                    if ((items.Field, items.Type) == (1, WireType.Bytes))
                    {
                        if (isArray)
                        {
                            CheckValue(items.Bytes, depth + 1);
                        }
                        else
                        {
                            Check(items.Bytes, depth + 1);
                        }
                    }
                }
            }
        }
    }

    /// <summary>All attributes that a message has in a field.</summary>
    public static List<AttributeValue> ReadAll(ReadOnlySpan<byte> message, int field)
    {
        var all = new List<AttributeValue>();
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == field && reader.Type == WireType.Bytes)
            {
                all.Add(Read(reader.Bytes));
            }
        }

        return all;
    }

    /// <summary>The value of one attribute, without reading the others.</summary>
    public static string? Find(ReadOnlySpan<byte> message, int field, ReadOnlySpan<byte> name)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == field && reader.Type == WireType.Bytes && NameOf(reader.Bytes).SequenceEqual(name))
            {
                return Read(reader.Bytes).Value;
            }
        }

        return null;
    }

    public static AttributeValue Read(ReadOnlySpan<byte> attribute) => new(Encoding.UTF8.GetString(NameOf(attribute)), ReadValue(ValueOf(attribute)));

    /// <summary>An <c>AnyValue</c> as people read it: lists and maps as JSON, bytes in Base64.</summary>
    public static string ReadValue(ReadOnlySpan<byte> value)
    {
        var chosen = Choose(value);
        return (chosen.Field, chosen.Type) switch
        {
            (1, WireType.Bytes) => Encoding.UTF8.GetString(chosen.Bytes),
            (2, WireType.Varint) => chosen.Number != 0 ? "true" : "false",
            (3, WireType.Varint) => ((long)chosen.Number).ToString(CultureInfo.InvariantCulture),
            (4, WireType.Fixed64) => chosen.Double.ToString(CultureInfo.InvariantCulture),
            (5 or 6, WireType.Bytes) => ToJson(value),
            (7, WireType.Bytes) => Convert.ToBase64String(chosen.Bytes),
            _ => string.Empty,
        };
    }

    // A value is one of several kinds; if a sender writes more than one, the last counts (Protobuf, "Oneof").
    private static ProtobufReader Choose(ReadOnlySpan<byte> value)
    {
        var reader = new ProtobufReader(value);
        while (reader.Read())
        {
        }

        return reader;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> attribute) => PartOf(attribute, 1);

    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> attribute) => PartOf(attribute, 2);

    private static ReadOnlySpan<byte> PartOf(ReadOnlySpan<byte> message, int field)
    {
        ReadOnlySpan<byte> part = [];
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == field && reader.Type == WireType.Bytes)
            {
                part = reader.Bytes;
            }
        }

        return part;
    }

    private static string ToJson(ReadOnlySpan<byte> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _json))
        {
            WriteJson(json, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        var chosen = Choose(value);
        switch (chosen.Field, chosen.Type)
        {
            case (0, _):
                json.WriteNullValue();
                break;
            case (2, WireType.Varint):
                json.WriteBooleanValue(chosen.Number != 0);
                break;
            case (3, WireType.Varint):
                json.WriteNumberValue((long)chosen.Number);
                break;
            case (4, WireType.Fixed64) when double.IsFinite(chosen.Double):
                json.WriteNumberValue(chosen.Double);
                break;
            case (5, WireType.Bytes):
                json.WriteStartArray();
                WriteItems(json, chosen.Bytes, isObject: false);
                json.WriteEndArray();
                break;
            case (6, WireType.Bytes):
                json.WriteStartObject();
                WriteItems(json, chosen.Bytes, isObject: true);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(ReadValue(value));
                break;
        }
    }

    private static void WriteItems(Utf8JsonWriter json, ReadOnlySpan<byte> items, bool isObject)
    {
        var reader = new ProtobufReader(items);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) != (1, WireType.Bytes))
            {
                continue;
            }

            if (isObject)
            {
                json.WritePropertyName(Encoding.UTF8.GetString(NameOf(reader.Bytes)));
            }

            WriteJson(json, isObject ? ValueOf(reader.Bytes) : reader.Bytes);
        }
    }
}
