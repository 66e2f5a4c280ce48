using System.Buffers.Text;

namespace HighAvail.ServiceDefaults.Paging;

/// <summary>Where a page ended: the id of its last item. Opaque to clients, so that it can come to hold more.</summary>
public static class IdCursor
{
    private const int IdLength = 16;

    /// <summary>The cursor after an item.</summary>
    /// <param name="lastId">The id of the page's last item.</param>
    /// <returns>Text that a URL takes as it is.</returns>
    public static string Write(Guid lastId)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        lastId.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor.</summary>
    /// <param name="cursor">What a client sent.</param>
    /// <param name="lastId">The id in it.</param>
    /// <returns>Whether it is one that <see cref="Write"/> made.</returns>
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
