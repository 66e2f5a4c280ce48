using System.Buffers;
using System.IO.Compression;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>A body, unpacked, in memory that is lent.</summary>
internal struct OtlpBody : IDisposable
{
    private const int InitialSize = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Message => _buffer.AsSpan(0, _length);

    /// <summary>Reads to the end.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="isCompressed">Whether it is compressed with gzip.</param>
    /// <param name="expected">How long it is, if that is known.</param>
    /// <param name="limit">How long it may be, unpacked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OtlpRequestException">It is longer, or is not compressed with gzip.</exception>
    public static async ValueTask<OtlpBody> ReadAsync(Stream source, bool isCompressed, long? expected, int limit, CancellationToken cancellationToken)
    {
        if (expected > limit)
        {
            throw new OtlpRequestException(OtlpFailure.TooLarge(limit));
        }

        // One more than is expected, for the read that finds the end.
        var body = new OtlpBody { _buffer = ArrayPool<byte>.Shared.Rent(expected is { } length && !isCompressed ? (int)length + 1 : InitialSize) };
        try
        {
            await using var unpacked = isCompressed ? new GZipStream(source, CompressionMode.Decompress) : null;
            for (int read; (read = await (unpacked ?? source).ReadAsync(body._buffer.AsMemory(body._length), cancellationToken)) > 0;)
            {
                body._length += read;
                if (body._length > limit)
                {
                    throw new OtlpRequestException(OtlpFailure.TooLarge(limit));
                }

                if (body._length == body._buffer.Length)
                {
                    body.Grow();
                }
            }

            return body;
        }
        catch (InvalidDataException)
        {
            body.Dispose();
            throw new OtlpRequestException(OtlpFailure.Malformed("it is not compressed with gzip, as it says it is."));
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
