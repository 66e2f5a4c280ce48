using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using HighAvail.ServiceDefaults.Access;

namespace HighAvail.UserService.Access;

/// <summary>Makes refresh tokens: 256 bits that mean nothing, of which only the hash is stored.</summary>
internal sealed class RefreshTokens(DerivedKeys keys)
{
    private const int Length = 32;

    private readonly byte[] _secret = keys.Derive("refresh tokens");

    /// <summary>The first token of a family.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    /// <summary>What is stored of a token. What is no token has a hash as well, which is not stored.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>
    /// The token after another. It depends on both alone: whichever replica is asked, and however often, a repeated request gets the same one, and nothing that
    /// could be stolen is kept for that. Without the secret it is as good as random (HMAC, RFC 2104).
    /// </summary>
    /// <param name="token">The token that is spent.</param>
    /// <param name="idempotencyKey">The key of the request that spends it.</param>
    public string Next(string token, string idempotencyKey) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{token}\n{idempotencyKey}")));
}
