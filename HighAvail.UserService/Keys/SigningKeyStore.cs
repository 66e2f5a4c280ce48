using System.Security.Cryptography;
using System.Text.Json;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.UserService.Access;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace HighAvail.UserService.Keys;

/// <summary>The keys that sign and verify access tokens: in Postgres, shared by all replicas, with a copy in memory.</summary>
internal sealed class SigningKeyStore(
    NpgsqlDataSource dataSource,
    IOptions<SigningKeyOptions> options,
    IOptions<TokenOptions> tokens,
    IOptions<AccessOptions> access,
    TimeProvider timeProvider) : ISigningKeySource, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile SigningKey[] _keys = [];

    /// <summary>The key that signs: the newest that may.</summary>
    public SigningKey Current
    {
        get
        {
            var now = timeProvider.GetUtcNow().UtcDateTime;
            return Array.FindLast(_keys, key => key.NotBefore <= now)
                ?? throw new InvalidOperationException("There is no signing key yet: the service has not started.");
        }
    }

    public PublicKeySet PublicKeys => new([.. _keys.Select(key => key.PublicKey)]);

    public SecurityKey? Find(string keyId) => Array.Find(_keys, key => key.PublicKey.Kid == keyId)?.PrivateKey;

    /// <summary>
    /// Reads the keys. Where there is none that signs, or none that is to sign next, it makes one, and it retires those with which no valid token can have been
    /// signed: whichever replica comes first.
    /// </summary>
    /// <remarks>One caller after another, so that none puts back what was there before another looked, and never without a key that signs.</remarks>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var keys = await ReadAsync(cancellationToken);
            _keys = await RotateAsync(keys) ? await ReadAsync(cancellationToken) : keys;
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Returns whether there was anything to do.</summary>
    private async Task<bool> RotateAsync(SigningKey[] keys)
    {
        var now = timeProvider.GetStoredNow();
        // By now every replica has seen the newest, and the last token of those before it has expired.
        var settled = now - tokens.Value.AccessTokenLifetime - access.Value.ClockSkew - (2 * options.Value.CheckInterval);
        var isSigning = Array.Exists(keys, key => key.NotBefore <= now);
        var isNext = Array.Exists(keys, key => key.NotBefore > now);
        var isOver = Array.FindLastIndex(keys, key => key.NotBefore <= settled) > 0;
        if (!isSigning)
        {
            // From a little earlier, so that it signs for those too whose clock is behind or who looked at it before: to them it would be the next one.
            await CreateAsync(now - access.Value.ClockSkew - options.Value.CheckInterval, "not_before <= $6", now);
        }

        if (!isNext)
        {
            await CreateAsync(now + options.Value.RotationInterval, "not_before > $6", now);
        }

        if (isOver)
        {
            await RetireAsync(settled, now);
        }

        return !isSigning || !isNext || isOver;
    }

    private async Task<SigningKey[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT private_key, public_jwk::text, not_before FROM signing_keys WHERE retired_at IS NULL ORDER BY generation
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<SigningKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var publicKey = JsonSerializer.Deserialize(reader.GetString(1), UserServiceJson.Default.PublicKey)!;
            // The same object for the same key: tokens that it verified need not be verified again.
            var privateKey = Array.Find(_keys, known => known.PublicKey.Kid == publicKey.Kid)?.PrivateKey
                ?? Import(reader.GetFieldValue<byte[]>(0), publicKey.Kid);
            keys.Add(new SigningKey(privateKey, publicKey, reader.GetFieldValue<DateTime>(2)));
        }

        return [.. keys];
    }

    private static ECDsaSecurityKey Import(byte[] privateKey, string kid)
    {
        var algorithm = ECDsa.Create();
        algorithm.ImportPkcs8PrivateKey(privateKey, out _);
        return new ECDsaSecurityKey(algorithm) { KeyId = kid };
    }

    // Of replicas that look at once, one inserts the generation; those that look later find that there is such a key.
    private async Task CreateAsync(DateTime notBefore, string isSuch, DateTime now)
    {
        using var algorithm = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = Describe(algorithm);
        await dataSource.WriteAsync(
            $"""
            INSERT INTO signing_keys (generation, kid, private_key, public_jwk, not_before, created_at)
            SELECT coalesce(max(generation), 0) + 1, $1, $2, $3::jsonb, $4, $5 FROM signing_keys
            HAVING count(*) FILTER (WHERE retired_at IS NULL AND {isSuch}) = 0
            ON CONFLICT (generation) DO NOTHING
            """,
            new() { Value = publicKey.Kid },
            new() { Value = algorithm.ExportPkcs8PrivateKey() },
            new() { Value = JsonSerializer.Serialize(publicKey, UserServiceJson.Default.PublicKey) },
            new() { Value = notBefore },
            new() { Value = now },
            new() { Value = now });
    }

    // What cannot be used any more cannot be stolen any more.
    private Task<int> RetireAsync(DateTime settled, DateTime now) => dataSource.WriteAsync(
        """
        UPDATE signing_keys SET retired_at = $2, private_key = ''
        WHERE retired_at IS NULL
        AND generation < (SELECT max(generation) FROM signing_keys WHERE retired_at IS NULL AND not_before <= $1)
        """,
        new() { Value = settled },
        new() { Value = now });

    // The key's id is its thumbprint (RFC 7638), so no two keys can have the same.
    private static PublicKey Describe(ECDsa algorithm)
    {
        var point = algorithm.ExportParameters(includePrivateParameters: false).Q;
        var kid = Base64UrlEncoder.Encode(new ECDsaSecurityKey(algorithm).ComputeJwkThumbprint());
        return new PublicKey(
            "EC", "sig", SecurityAlgorithms.EcdsaSha256, kid, "P-256", Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
    }
}
