using System.Buffers;
using System.Net.Sockets;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// Two connections joined into one: bytes, the end of each direction (FIN) and an abort (RST) pass through.
/// </summary>
/// <remarks>
/// A direction holds one chunk at most and takes the next only when the other side took this one, so a slow reader slows the writer.
/// A buffer is rented only while there is something to copy: a receive of zero bytes waits without one.
/// </remarks>
internal sealed class Splice(Socket client, Socket replica)
{
    // As large as a socket takes in one go; smaller costs throughput, larger cache misses.
    private const int ChunkSize = 64 * 1024;

    // With inline completions a direction that never has to wait would keep its thread, and all other sockets of it, for itself.
    private const int ChunksPerTurn = 16;

    /// <summary>Returns when both directions have ended; then both connections are closed.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var registration = stopping.UnsafeRegister(static splice => ((Splice)splice!).Abort(), this);
        await Task.WhenAll(CopyAsync(client, replica), CopyAsync(replica, client));
        client.Dispose();
        replica.Dispose();
    }

    /// <summary>Closes a connection in a way that tells the peer that this is not its regular end.</summary>
    public static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already, which is what we want.
        }

        socket.Dispose();
    }

    private async Task CopyAsync(Socket source, Socket target)
    {
        try
        {
            for (var chunk = 1; await CopyChunkAsync(source, target); chunk++)
            {
                if (chunk % ChunksPerTurn == 0)
                {
                    await Task.Yield();
                }
            }

            target.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort();
        }
    }

    private static async ValueTask<bool> CopyChunkAsync(Socket source, Socket target)
    {
        await source.ReceiveAsync(Memory<byte>.Empty);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var received = await source.ReceiveAsync(buffer.AsMemory(0, ChunkSize));
            if (received > 0)
            {
                await target.SendAsync(buffer.AsMemory(0, received));
            }

            return received > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Abort()
    {
        Abort(client);
        Abort(replica);
    }
}
