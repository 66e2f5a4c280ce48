using System.Net.Sockets;
using System.Text;

namespace HighAvail.Drill.Faults;

/// <summary>The two commands of Redis that the drill needs (RESP, https://redis.io/docs/latest/develop/reference/protocol-spec).</summary>
internal static class Redis
{
    // A Redis that runs answers in a millisecond.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    /// <summary>Deletes everything.</summary>
    /// <exception cref="DrillException">It does not answer, or refuses.</exception>
    internal static async Task EmptyAsync(int port, string password, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, limit.Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await DoAsync(stream, reader, limit.Token, "AUTH", password);
            await DoAsync(stream, reader, limit.Token, "FLUSHALL");
        }
        catch (Exception exception) when (exception is SocketException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DrillException($"Redis on port {port} cannot be emptied: {exception.Message}", exception);
        }
    }

    private static async Task DoAsync(Stream stream, StreamReader reader, CancellationToken cancellationToken, params string[] words)
    {
        var command = $"*{words.Length}\r\n{string.Concat(words.Select(w => $"${Encoding.UTF8.GetByteCount(w)}\r\n{w}\r\n"))}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command), cancellationToken);
        var answer = await reader.ReadLineAsync(cancellationToken);
        if (answer is not ['+', ..])
        {
            throw new DrillException($"Redis answered {words[0]} with: {answer ?? "nothing"}.");
        }
    }
}
