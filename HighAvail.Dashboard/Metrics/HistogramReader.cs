using System.Buffers.Binary;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Metrics;

/// <summary>Reads the points of the three kinds of histogram (opentelemetry-proto, metrics.proto, whose field numbers stand here).</summary>
internal static class HistogramReader
{
    // An exponential histogram has 160 unless somebody asks for more (OpenTelemetry SDK specification).
    private const int MaxBuckets = 4_096;

    private const int MaxScale = 20;
    private const int MinScale = -10;

    /// <summary>Reads a <c>HistogramDataPoint</c>.</summary>
    public static MetricPoint? Read(ReadOnlySpan<byte> message, ulong now, Rejections rejections)
    {
        var (at, count, sum) = ReadCommon(message, now);
        var (buckets, bounds) = (new List<long>(), new List<double>());
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (6, WireType.Fixed64):
                    buckets.Add((long)reader.Number);
                    break;
                case (6, WireType.Bytes):
                    for (var packed = reader.Bytes; TakeFixed64(ref packed, out var number);)
                    {
                        buckets.Add((long)number);
                    }

                    break;
                case (7, WireType.Fixed64):
                    bounds.Add(reader.Double);
                    break;
                case (7, WireType.Bytes):
                    for (var packed = reader.Bytes; TakeFixed64(ref packed, out var number);)
                    {
                        bounds.Add(BitConverter.UInt64BitsToDouble(number));
                    }

                    break;
            }
        }

        if (buckets.Count > MaxBuckets || (buckets.Count > 0 && buckets.Count != bounds.Count + 1))
        {
            rejections.Add($"A histogram needs one bucket more than it has bounds, and at most {MaxBuckets}.");
            return null;
        }

        return buckets.Count == 0 ? new MetricPoint(at, at, sum, count) : new MetricPoint(at, at, sum, count, [.. buckets], [.. bounds]);
    }

    /// <summary>Reads an <c>ExponentialHistogramDataPoint</c>, whose bounds are powers of 2^(2^-scale).</summary>
    public static MetricPoint? ReadExponential(ReadOnlySpan<byte> message, ulong now, Rejections rejections)
    {
        var (at, count, sum) = ReadCommon(message, now);
        var (scale, zeros, offset) = (0, 0L, 0);
        var (positive, negative) = (new List<long>(), new List<long>());
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (6, WireType.Varint):
                    scale = reader.Signed;
                    break;
                case (7, WireType.Fixed64):
                    zeros = (long)reader.Number;
                    break;
                case (8, WireType.Bytes):
                    offset = ReadBuckets(reader.Bytes, positive);
                    break;
                case (9, WireType.Bytes):
                    _ = ReadBuckets(reader.Bytes, negative);
                    break;
            }
        }

        if (scale is < MinScale or > MaxScale || positive.Count > MaxBuckets)
        {
            rejections.Add($"An exponential histogram has a scale from {MinScale} to {MaxScale} and at most {MaxBuckets} buckets.");
            return null;
        }

        // What is zero or less lies below the first bound; above the last there is nothing.
        var factor = Math.Pow(2, -scale);
        var bounds = Enumerable.Range(0, positive.Count + 1).Select(i => Math.Pow(2, ((double)offset + i) * factor));
        return new MetricPoint(at, at, sum, count, [negative.Aggregate(zeros, static (sum, count) => sum + count), .. positive, 0], [.. bounds]);
    }

    /// <summary>Reads a <c>SummaryDataPoint</c>, of which count and sum are kept: its quantiles cannot be added up.</summary>
    public static MetricPoint? ReadSummary(ReadOnlySpan<byte> message, ulong now)
    {
        var (at, count, sum) = ReadCommon(message, now);
        return new MetricPoint(at, at, sum, count);
    }

    // All three have these in the same fields.
    private static (ulong At, long Count, double Sum) ReadCommon(ReadOnlySpan<byte> message, ulong now)
    {
        var (at, count, sum) = (0UL, 0L, 0.0);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (3, WireType.Fixed64):
                    at = reader.Number;
                    break;
                case (4, WireType.Fixed64):
                    count = (long)reader.Number;
                    break;
                case (5, WireType.Fixed64):
                    sum = reader.Double;
                    break;
            }
        }

        return (at != 0 ? at : now, count, sum);
    }

    private static int ReadBuckets(ReadOnlySpan<byte> message, List<long> counts)
    {
        var offset = 0;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Varint):
                    offset = reader.Signed;
                    break;
                case (2, WireType.Varint):
                    counts.Add((long)reader.Number);
                    break;
                case (2, WireType.Bytes):
                    for (var packed = reader.Bytes; !packed.IsEmpty;)
                    {
                        counts.Add((long)ProtobufReader.ReadVarint(ref packed));
                    }

                    break;
            }
        }

        return offset;
    }

    private static bool TakeFixed64(ref ReadOnlySpan<byte> packed, out ulong number)
    {
        if (packed.IsEmpty)
        {
            number = 0;
            return false;
        }

        if (packed.Length < sizeof(ulong))
        {
            throw new MalformedProtobufException("It ends within a number.");
        }

        number = BinaryPrimitives.ReadUInt64LittleEndian(packed);
        packed = packed[sizeof(ulong)..];
        return true;
    }
}
