using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>
/// As much of the Postgres protocol (version 3.0, "Frontend/Backend Protocol" in its manual) as the host needs: is the server there,
/// sign in, run a statement. A full driver costs the host some 400 ms of CPU for its first connection, in the middle of start-up.
/// </summary>
internal sealed class PostgresConnection : IDisposable
{
    private const int ProtocolVersion = 3 << 16;
    private const int LongestMessage = 1 << 20;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// Whether the server takes connections, judged as <c>pg_isready</c> does. Nobody signs in, so it costs the server one short-lived
    /// process and no look into a catalog. A server that is full is in use, not away.
    /// </summary>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="EndOfStreamException">It closed the connection.</exception>
    public static async Task<bool> IsAcceptedAsync(int port, string user, CancellationToken cancellationToken)
    {
        using var connection = new PostgresConnection();
        await connection.StartAsync(port, user, cancellationToken);
        var (type, body) = await connection.ReceiveAsync(cancellationToken);
        return type == 'R' || (type == 'E' && ParseError(body).SqlState != PostgresErrorException.CannotConnectNow);
    }

    /// <exception cref="PostgresErrorException">The server refused, for one because of a wrong password.</exception>
    public static async Task<PostgresConnection> OpenAsync(int port, string user, string password, CancellationToken cancellationToken)
    {
        var connection = new PostgresConnection();
        try
        {
            await connection.StartAsync(port, user, cancellationToken);
            await connection.SignInAsync(password, cancellationToken);
            _ = await connection.ReceiveUntilReadyAsync(cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs one statement and returns how many rows came back.</summary>
    /// <exception cref="PostgresErrorException">It failed.</exception>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await SendAsync('Q', [.. Encoding.UTF8.GetBytes(sql), 0], cancellationToken);
        return await ReceiveUntilReadyAsync(cancellationToken);
    }

    private async Task StartAsync(int port, string user, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var parameters = Encoding.UTF8.GetBytes($"user\0{user}\0database\0postgres\0application_name\0highavail\0\0");
        var packet = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(packet, packet.Length);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), ProtocolVersion);
        parameters.CopyTo(packet, 8);
        await SendAllAsync(packet, cancellationToken);
    }

    private async Task SignInAsync(string password, CancellationToken cancellationToken)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        var clientFirst = $"n=,r={nonce}";
        Expect(await ReceiveAuthenticationAsync(cancellationToken), AuthenticationRequest.Sasl);
        await SendAsync('p', SaslInitialResponse($"n,,{clientFirst}"), cancellationToken);

        var serverFirst = Expect(await ReceiveAuthenticationAsync(cancellationToken), AuthenticationRequest.SaslContinue);
        var challenge = ParseAttributes(serverFirst);
        if (!challenge['r'].StartsWith(nonce, StringComparison.Ordinal))
        {
            throw new InvalidDataException("The server answered another client's sign-in.");
        }

        var clientFinal = $"c=biws,r={challenge['r']}"; // biws: no channel binding
        var authMessage = $"{clientFirst},{serverFirst},{clientFinal}";
        var keys = new ScramSha256(password, Convert.FromBase64String(challenge['s']), int.Parse(challenge['i'], null));
        await SendAsync('p', Encoding.UTF8.GetBytes($"{clientFinal},p={keys.ClientProof(authMessage)}"), cancellationToken);

        var serverFinal = Expect(await ReceiveAuthenticationAsync(cancellationToken), AuthenticationRequest.SaslFinal);
        if (ParseAttributes(serverFinal)['v'] != keys.ServerSignature(authMessage))
        {
            throw new InvalidDataException("The server does not know the password: it is another one.");
        }
    }

    private static byte[] SaslInitialResponse(string clientFirst)
    {
        var first = Encoding.UTF8.GetBytes(clientFirst);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, first.Length);
        return [.. "SCRAM-SHA-256\0"u8, .. length, .. first];
    }

    private static Dictionary<char, string> ParseAttributes(string message) =>
        message.Split(',').ToDictionary(attribute => attribute[0], attribute => attribute[2..]);

    private static string Expect((AuthenticationRequest Kind, string Data) request, AuthenticationRequest expected) =>
        request.Kind == expected
            ? request.Data
            : throw new InvalidDataException($"The server asks for authentication {request.Kind:D} instead of {expected:D} (SCRAM).");

    private async Task<(AuthenticationRequest Kind, string Data)> ReceiveAuthenticationAsync(CancellationToken cancellationToken)
    {
        var (type, body) = await ReceiveAsync(cancellationToken);
        return type switch
        {
            'R' => ((AuthenticationRequest)BinaryPrimitives.ReadInt32BigEndian(body), Encoding.UTF8.GetString(body.AsSpan(4))),
            'E' => throw ParseError(body),
            _ => throw new InvalidDataException($"The server sent a message '{type}' during sign-in."),
        };
    }

    private async Task<int> ReceiveUntilReadyAsync(CancellationToken cancellationToken)
    {
        var rows = 0;
        PostgresErrorException? error = null;
        while (true)
        {
            var (type, body) = await ReceiveAsync(cancellationToken);
            switch (type)
            {
                case 'D':
                    rows++;
                    break;
                case 'E':
                    error = ParseError(body);
                    break;
                case 'Z':
                    return error is null ? rows : throw error;
            }
        }
    }

    private static PostgresErrorException ParseError(byte[] body)
    {
        var fields = Encoding.UTF8.GetString(body).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        string Field(char code) => Array.Find(fields, field => field[0] == code)?[1..] ?? "";
        return new PostgresErrorException(Field('C'), Field('M'));
    }

    private async Task SendAsync(char type, byte[] body, CancellationToken cancellationToken)
    {
        var message = new byte[5 + body.Length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message, 5);
        await SendAllAsync(message, cancellationToken);
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    private async Task<(char Type, byte[] Body)> ReceiveAsync(CancellationToken cancellationToken)
    {
        var header = await ReceiveExactlyAsync(5, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4;
        return length is >= 0 and <= LongestMessage
            ? ((char)header[0], await ReceiveExactlyAsync(length, cancellationToken))
            : throw new InvalidDataException("What answers on this port is no Postgres.");
    }

    private async Task<byte[]> ReceiveExactlyAsync(int count, CancellationToken cancellationToken)
    {
        var buffer = new byte[count];
        for (var received = 0; received < count;)
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(received), cancellationToken);
            received += read > 0 ? read : throw new EndOfStreamException("The server closed the connection.");
        }

        return buffer;
    }

    private enum AuthenticationRequest
    {
        Sasl = 10,
        SaslContinue = 11,
        SaslFinal = 12,
    }
}
