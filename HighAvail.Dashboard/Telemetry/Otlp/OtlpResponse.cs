using System.Buffers.Binary;
using System.Text;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>The few messages that are answered with.</summary>
internal static class OtlpResponse
{
    /// <summary>An <c>Export…ServiceResponse</c>, whose form is the same for all signals: <c>partial_success = 1 { rejected = 1, error_message = 2 }</c>.</summary>
    public static byte[] Of(Rejections rejections)
    {
        if (rejections.Count == 0)
        {
            return [];
        }

        byte[] partial = [1 << 3, .. Varint((ulong)rejections.Count), .. Text(2, rejections.Reason)];
        return [(1 << 3) | 2, .. Varint((ulong)partial.Length), .. partial];
    }

    /// <summary>A <c>google.rpc.Status</c>: <c>code = 1, message = 2</c>.</summary>
    public static byte[] Of(OtlpFailure failure) => [1 << 3, (byte)failure.GrpcStatus, .. Text(2, failure.Message)];

    /// <summary>A message as gRPC sends it: not compressed, its length, itself (gRPC over HTTP/2, "Length-Prefixed-Message").</summary>
    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Text(int field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)((field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
