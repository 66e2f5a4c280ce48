using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace HighAvail.Drill.Bench.Telemetry;

/// <summary>Writes a Protobuf message, field by field.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _message = new();

    /// <summary>How much is written: where the next field begins.</summary>
    public int Length => _message.WrittenCount;

    public byte[] ToArray() => _message.WrittenSpan.ToArray();

    public ProtobufWriter Varint(int field, ulong value)
    {
        Number((ulong)field << 3);
        Number(value);
        return this;
    }

    public ProtobufWriter Fixed64(int field, ulong value)
    {
        Number(((ulong)field << 3) | 1);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _message.Write(bytes);
        return this;
    }

    public ProtobufWriter Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Number(((ulong)field << 3) | 2);
        Number((ulong)value.Length);
        _message.Write(value);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message._message.WrittenSpan);

    /// <summary>A <c>KeyValue</c> with a text (opentelemetry-proto, common.proto).</summary>
    public ProtobufWriter Attribute(int field, string name, string value) =>
        Message(field, new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Text(1, value)));

    /// <summary>A <c>KeyValue</c> with a whole number.</summary>
    public ProtobufWriter Attribute(int field, string name, long value) =>
        Message(field, new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Varint(3, (ulong)value)));

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _message.GetSpan(1)[0] = value;
        _message.Advance(1);
    }
}
