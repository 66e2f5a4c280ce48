using System.Buffers.Text;

namespace HighAvail.UserService.Users;

/// <summary>Where a page ended: the id of its last user. Opaque to clients, so that it can come to hold more.</summary>
internal static class UserCursor
{
    private const int IdLength = 16;

    public static string Write(Guid lastId)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        lastId.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string cursor, out Guid lastId)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        if (Base64Url.IsValid(cursor, out var length)
            && length == IdLength
            && Base64Url.TryDecodeFromChars(cursor, bytes, out _))
        {
            lastId = new Guid(bytes, bigEndian: true);
            // Spaces and loose trailing bits decode as well; only what was handed out is taken back.
            return Write(lastId) == cursor;
        }

        lastId = default;
        return false;
    }
}
