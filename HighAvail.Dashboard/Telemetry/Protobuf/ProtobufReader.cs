using System.Buffers.Binary;

namespace HighAvail.Dashboard.Telemetry.Protobuf;

/// <summary>
/// Goes through the fields of one message without a copy and without a generated class: most of what is sent is never looked at,
/// and building objects of it was the larger part of what receiving cost.
/// </summary>
/// <remarks>Switch on field <em>and</em> type: a known field of another type is one that is not known, as Protobuf wants it.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>The value of a field that is no <see cref="WireType.Bytes"/>.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a field that is: text, bytes, a message or packed numbers.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly double Double => BitConverter.UInt64BitsToDouble(Number);

    /// <summary>A <c>sint32</c>, whose sign is in its lowest bit (ZigZag).</summary>
    public readonly int Signed => (int)(Number >> 1) ^ -(int)(Number & 1);

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    /// <exception cref="MalformedProtobufException">There is something else.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint(ref _rest);
        if (tag is < 8 or > uint.MaxValue)
        {
            throw new MalformedProtobufException($"{tag} is the tag of no field.");
        }

        (Field, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        switch (Type)
        {
            case WireType.Varint:
                Number = ReadVarint(ref _rest);
                break;
            case WireType.Fixed64:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case WireType.Bytes:
                Bytes = Take(ReadVarint(ref _rest));
                break;
            case WireType.Fixed32:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new MalformedProtobufException($"Field {Field} has the wire type {(int)Type}, which is none of Protobuf 3.");
        }

        return true;
    }

    /// <summary>Reads a number of packed ones, which follow each other without tags.</summary>
    public static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            var part = bytes[i];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw new MalformedProtobufException(bytes.Length < 10 ? "It ends within a number." : "A number is longer than ten bytes.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new MalformedProtobufException($"Field {Field} has {length} bytes, but only {_rest.Length} follow.");
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
