using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Forwarding;

/// <summary>The bodies of requests, kept whole so that each try can send them again. At most 256 KB each, and a limit for all together.</summary>
internal sealed class BufferedBodies(IOptions<ForwardingOptions> options)
{
    private const int Chunk = 4096;

    private readonly long _limit = options.Value.MaxBufferedBytes;
    private long _bytes;

    /// <summary>Reads the body of a request and puts what was read in its place.</summary>
    /// <returns>What was read; it counts until it is disposed.</returns>
    /// <exception cref="BadHttpRequestException">The body is longer than allowed, comes too slowly or not to its end; or too much is kept already (503).</exception>
    public async ValueTask<BufferedBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new BufferedBody(this);
        try
        {
            // What is announced is not yet here: a client that says 256 KB and sends nothing gets no memory for it.
            var buffer = new byte[Math.Clamp(request.ContentLength ?? Chunk, 1, Chunk)];
            var length = 0;
            int read;
            while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                body.Take(read);
                if (length == buffer.Length && length != request.ContentLength)
                {
                    Array.Resize(ref buffer, (int)Math.Min(2L * length, request.ContentLength ?? long.MaxValue));
                }
            }

            body.Stream = new MemoryStream(buffer, 0, length, writable: false);
            request.Body = body.Stream;
            // Told as it is: what follows has no chunks to parse.
            request.Headers.TransferEncoding = default;
            request.ContentLength = length;
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>A body that was read.</summary>
    internal sealed class BufferedBody(BufferedBodies bodies) : IDisposable
    {
        private long _taken;

        public MemoryStream Stream { get; set; } = null!;

        public void Take(int bytes)
        {
            _taken += bytes;
            if (Interlocked.Add(ref bodies._bytes, bytes) > bodies._limit)
            {
                throw new BadHttpRequestException("Too many bodies are being kept.", StatusCodes.Status503ServiceUnavailable);
            }
        }

        public void Dispose()
        {
            Interlocked.Add(ref bodies._bytes, -_taken);
            _taken = 0;
        }
    }
}
