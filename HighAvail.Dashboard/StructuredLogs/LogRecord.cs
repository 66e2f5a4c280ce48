using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.StructuredLogs;

/// <summary>One entry of a log. Text and attributes lie in <see cref="Message"/> until somebody looks.</summary>
public sealed class LogRecord
{
    // The object and its message, with their headers, beside what the message holds.
    private const int Overhead = 136;

    // What the .NET exporter calls the template of a message.
    private const string Template = "{OriginalFormat}";

    private const int BodyField = 5;
    private const int AttributesField = 6;

    /// <summary>Counts from 1 in the order of arrival: the address of the entry.</summary>
    public long Id { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required ulong Time { get; init; }

    public required LogLevel Level { get; init; }

    /// <summary>0: it belongs to no trace.</summary>
    public required UInt128 TraceId { get; init; }

    public required ulong SpanId { get; init; }

    public required TelemetryResource Resource { get; init; }

    public required TelemetryScope Scope { get; init; }

    /// <summary>The <c>LogRecord</c> as it was sent.</summary>
    public required byte[] Message { get; init; }

    public int Bytes => Message.Length + Overhead;

    /// <summary>What it says.</summary>
    public string ReadText()
    {
        var text = string.Empty;
        var reader = new ProtobufReader(Message);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) == (BodyField, WireType.Bytes))
            {
                text = Attributes.ReadValue(reader.Bytes);
            }
        }

        return text.Length > 0 ? text : FindAttribute("exception.message"u8) ?? string.Empty;
    }

    public string? FindAttribute(ReadOnlySpan<byte> name) => Attributes.Find(Message, AttributesField, name);

    /// <summary>Its properties, without the template that its text was made of.</summary>
    public IEnumerable<AttributeValue> ReadAttributes() =>
        Attributes.ReadAll(Message, AttributesField).Where(static attribute => attribute.Name != Template);
}
