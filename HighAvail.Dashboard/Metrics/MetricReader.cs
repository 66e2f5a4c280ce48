using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Metrics;

/// <summary>Reads points from an <c>ExportMetricsServiceRequest</c> (opentelemetry-proto, metrics_service.proto and metrics.proto, whose field numbers stand here).</summary>
internal sealed class MetricReader(TelemetryResources resources, TimeProvider time)
{
    private const ulong Delta = 1;

    /// <summary>Reads all of it before anything is kept, so that nothing of a broken request is.</summary>
    /// <exception cref="MalformedProtobufException">It is none.</exception>
    public List<ReceivedPoint> Read(ReadOnlySpan<byte> request, Rejections rejections)
    {
        var points = new List<ReceivedPoint>();
        var now = TelemetryTime.FromDateTime(time.GetUtcNow());
        foreach (var group in new OtlpGroups(request, resources))
        {
            var reader = new ProtobufReader(group.Message);
            while (reader.Read())
            {
                if ((reader.Field, reader.Type) == (2, WireType.Bytes))
                {
                    Read(reader.Bytes, group, now, points, rejections);
                }
            }
        }

        return points;
    }

    private void Read(ReadOnlySpan<byte> metric, in OtlpGroup group, ulong now, List<ReceivedPoint> points, Rejections rejections)
    {
        var (name, description, unit, field) = (string.Empty, string.Empty, string.Empty, 0);
        ReadOnlySpan<byte> data = [];
        var reader = new ProtobufReader(metric);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes):
                    name = resources.NameOf(reader.Bytes);
                    break;
                case (2, WireType.Bytes):
                    description = resources.NameOf(reader.Bytes);
                    break;
                case (3, WireType.Bytes):
                    unit = resources.NameOf(reader.Bytes);
                    break;
                case (5 or 7 or 9 or 10 or 11, WireType.Bytes):
                    field = reader.Field;
                    data = reader.Bytes;
                    break;
            }
        }

        var (isDifference, isMonotonic) = (false, false);
        reader = new ProtobufReader(data);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (2, WireType.Varint):
                    isDifference = reader.Number == Delta;
                    break;
                case (3, WireType.Varint):
                    isMonotonic = reader.Number != 0;
                    break;
            }
        }

        var instrument = new InstrumentDescription(group.Resource, group.Scope.Name, name, description, unit, (field, isMonotonic) switch
        {
            (5, _) => InstrumentKind.Gauge,
            (7, true) => InstrumentKind.Counter,
            (7, false) => InstrumentKind.UpDownCounter,
            _ => InstrumentKind.Histogram,
        });
        reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) != (1, WireType.Bytes))
            {
                continue;
            }

            var attributesField = field switch { 5 or 7 or 11 => 7, 9 => 9, _ => 1 };
            var attributes = ReadAttributes(reader.Bytes, attributesField);
            var point = field switch
            {
                5 or 7 => ReadNumber(reader.Bytes, now),
                9 => HistogramReader.Read(reader.Bytes, now, rejections),
                10 => HistogramReader.ReadExponential(reader.Bytes, now, rejections),
                _ => HistogramReader.ReadSummary(reader.Bytes, now),
            };
            if (point is { } value)
            {
                points.Add(new ReceivedPoint(instrument, attributes, value, ReadStart(reader.Bytes), isDifference));
            }
        }
    }

    private static AttributeValue[] ReadAttributes(ReadOnlySpan<byte> point, int field)
    {
        var attributes = new List<AttributeValue>();
        var reader = new ProtobufReader(point);
        while (reader.Read())
        {
            if (reader.Field == field && reader.Type == WireType.Bytes)
            {
                Attributes.Check(reader.Bytes);
                attributes.Add(Attributes.Read(reader.Bytes));
            }
        }

        attributes.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return [.. attributes];
    }

    // All kinds have it in the same field.
    private static ulong ReadStart(ReadOnlySpan<byte> message)
    {
        var start = 0UL;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) == (2, WireType.Fixed64))
            {
                start = reader.Number;
            }
        }

        return start;
    }

    private static MetricPoint? ReadNumber(ReadOnlySpan<byte> message, ulong now)
    {
        var (at, value, hasValue) = (0UL, 0.0, false);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (3, WireType.Fixed64):
                    at = reader.Number;
                    break;
                case (4, WireType.Fixed64):
                    (value, hasValue) = (reader.Double, true);
                    break;
                case (6, WireType.Fixed64):
                    (value, hasValue) = ((long)reader.Number, true);
                    break;
            }
        }

        at = at != 0 ? at : now;
        return hasValue ? new MetricPoint(at, at, value) : null;
    }
}
