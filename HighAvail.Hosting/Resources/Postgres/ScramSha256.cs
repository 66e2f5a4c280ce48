using System.Security.Cryptography;
using System.Text;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>The keys of SCRAM-SHA-256 (RFC 5802, RFC 7677) that follow from a password, a salt and an iteration count.</summary>
internal readonly struct ScramSha256
{
    // What Postgres itself uses for a new password (RFC 7677's minimum).
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    private readonly byte[] _clientKey;
    private readonly byte[] _storedKey;
    private readonly byte[] _serverKey;

    public ScramSha256(string password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        _clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        _storedKey = SHA256.HashData(_clientKey);
        _serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
    }

    /// <summary>What Postgres stores in place of the password, and takes in <c>ALTER ROLE … PASSWORD</c>.</summary>
    public static string CreateVerifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var keys = new ScramSha256(password, salt, Iterations);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(keys._storedKey)}:{Convert.ToBase64String(keys._serverKey)}";
    }

    /// <summary>Shows the server that the client knows the password.</summary>
    public string ClientProof(string authMessage)
    {
        var proof = HMACSHA256.HashData(_storedKey, Encoding.UTF8.GetBytes(authMessage));
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= _clientKey[i];
        }

        return Convert.ToBase64String(proof);
    }

    /// <summary>Shows the client that the server knows the password's verifier.</summary>
    public string ServerSignature(string authMessage) =>
        Convert.ToBase64String(HMACSHA256.HashData(_serverKey, Encoding.UTF8.GetBytes(authMessage)));
}
