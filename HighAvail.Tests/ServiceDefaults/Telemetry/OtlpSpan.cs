using System.Text;

namespace HighAvail.Tests.ServiceDefaults.Telemetry;

/// <summary>What a span was exported with, as far as tests ask for it.</summary>
internal sealed record OtlpSpan(string Service, string Scope, string TraceId, string Id, string ParentId)
{
    /// <summary>Reads an export request (opentelemetry-proto, trace_service.proto and trace.proto, whose field numbers stand here).</summary>
    public static IEnumerable<OtlpSpan> ReadAll(byte[] request) =>
        from resourceSpans in FieldsOf(request, 1)
        let service = ServiceOf(FieldsOf(resourceSpans, 1).Single())
        from scopeSpans in FieldsOf(resourceSpans, 2)
        let scope = Text(FieldsOf(FieldsOf(scopeSpans, 1).Single(), 1).Single())
        from span in FieldsOf(scopeSpans, 2)
        select new OtlpSpan(service, scope, Hex(span, 1), Hex(span, 2), Hex(span, 4));

    private static string ServiceOf(byte[] resource) => Text(FieldsOf(
        FieldsOf(FieldsOf(resource, 1).Single(attribute => Text(FieldsOf(attribute, 1).Single()) == "service.name"), 2).Single(), 1).Single());

    private static string Text(byte[] value) => Encoding.UTF8.GetString(value);

    private static string Hex(byte[] span, int field) => Convert.ToHexStringLower(FieldsOf(span, field).SingleOrDefault([]));

    /// <summary>The values of a field that have a length: messages, texts and bytes. All others are passed over.</summary>
    private static List<byte[]> FieldsOf(byte[] message, int field)
    {
        var values = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var tag = ReadNumber(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    ReadNumber(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)ReadNumber(message, ref at);
                    if (tag >> 3 == (ulong)field)
                    {
                        values.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is not one of Protobuf 3.");
            }
        }

        return values;
    }

    private static ulong ReadNumber(byte[] message, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }
}
