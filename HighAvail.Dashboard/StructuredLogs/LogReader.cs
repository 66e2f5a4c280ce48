using System.Buffers.Binary;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.StructuredLogs;

/// <summary>Reads entries from an <c>ExportLogsServiceRequest</c> (opentelemetry-proto, logs_service.proto and logs.proto, whose field numbers stand here).</summary>
internal sealed class LogReader(TelemetryResources resources, TimeProvider time)
{
    /// <summary>Reads all of it before anything is kept, so that nothing of a broken request is.</summary>
    /// <exception cref="MalformedProtobufException">It is none.</exception>
    public List<LogRecord> Read(ReadOnlySpan<byte> request)
    {
        var logs = new List<LogRecord>();
        var now = TelemetryTime.FromDateTime(time.GetUtcNow());
        foreach (var group in new OtlpGroups(request, resources))
        {
            var reader = new ProtobufReader(group.Message);
            while (reader.Read())
            {
                if ((reader.Field, reader.Type) == (2, WireType.Bytes))
                {
                    logs.Add(Read(reader.Bytes, group.Resource, group.Scope, now));
                }
            }
        }

        return logs;
    }

    private static LogRecord Read(ReadOnlySpan<byte> message, TelemetryResource resource, TelemetryScope scope, ulong now)
    {
        var (happened, observed, severity, traceId, spanId) = (0UL, 0UL, 0UL, UInt128.Zero, 0UL);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Fixed64):
                    happened = reader.Number;
                    break;
                case (2, WireType.Varint):
                    severity = reader.Number;
                    break;
                case (5, WireType.Bytes):
                    Attributes.CheckValue(reader.Bytes);
                    break;
                case (6, WireType.Bytes):
                    Attributes.Check(reader.Bytes);
                    break;
                case (9, WireType.Bytes) when reader.Bytes.Length == 16:
                    traceId = BinaryPrimitives.ReadUInt128BigEndian(reader.Bytes);
                    break;
                case (10, WireType.Bytes) when reader.Bytes.Length == 8:
                    spanId = BinaryPrimitives.ReadUInt64BigEndian(reader.Bytes);
                    break;
                case (11, WireType.Fixed64):
                    observed = reader.Number;
                    break;
            }
        }

        return new LogRecord
        {
            // "Use Timestamp if it is present, otherwise use ObservedTimestamp" (OpenTelemetry, logs data model).
            Time = happened != 0 ? happened : observed != 0 ? observed : now,
            Level = LogLevels.Of(severity),
            TraceId = traceId,
            SpanId = spanId,
            Resource = resource,
            Scope = scope,
            Message = message.ToArray(),
        };
    }
}
