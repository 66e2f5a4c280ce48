using System.Buffers.Binary;
using System.Buffers.Text;

namespace HighAvail.UserService.Feed;

/// <summary>Up to where a reader knows the changes. Opaque to readers.</summary>
/// <param name="Epoch">Within which the other two mean something.</param>
/// <param name="Transaction">The transaction that made the last change read.</param>
/// <param name="Position">The order within a transaction.</param>
internal readonly record struct ChangeCursor(Guid Epoch, ulong Transaction, long Position)
{
    private const int Length = 32;

    public static bool TryParse(string text, out ChangeCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _))
        {
            cursor = default;
            return false;
        }

        cursor = new ChangeCursor(
            new Guid(bytes[..16], bigEndian: true),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[24..]));
        return cursor.ToString() == text;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Epoch.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Transaction);
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], Position);
        return Base64Url.EncodeToString(bytes);
    }
}
