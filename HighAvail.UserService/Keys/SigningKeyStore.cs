using System.Security.Cryptography;
using System.Text.Json;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace HighAvail.UserService.Keys;

/// <summary>The keys that sign and verify access tokens: in Postgres, shared by all replicas, with a copy in memory.</summary>
internal sealed class SigningKeyStore(NpgsqlDataSource dataSource, TimeProvider timeProvider) : ISigningKeySource
{
    private const int FirstGeneration = 1;

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

    /// <summary>Reads the keys; the first replica of all makes the first one.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        if (_keys.Length == 0)
        {
            await CreateFirstAsync();
            await RefreshAsync(cancellationToken);
        }
    }

    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
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

        _keys = [.. keys];
        return true;
    }

    private static ECDsaSecurityKey Import(byte[] privateKey, string kid)
    {
        var algorithm = ECDsa.Create();
        algorithm.ImportPkcs8PrivateKey(privateKey, out _);
        return new ECDsaSecurityKey(algorithm) { KeyId = kid };
    }

    // Of replicas that start at once, one inserts the first generation and all read what it inserted.
    private async Task CreateFirstAsync()
    {
        using var algorithm = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = Describe(algorithm);
        await dataSource.WriteAsync(
            """
            INSERT INTO signing_keys (generation, kid, private_key, public_jwk, not_before, created_at)
            VALUES ($1, $2, $3, $4::jsonb, $5, $5)
            ON CONFLICT (generation) DO NOTHING
            """,
            new() { Value = FirstGeneration },
            new() { Value = publicKey.Kid },
            new() { Value = algorithm.ExportPkcs8PrivateKey() },
            new() { Value = JsonSerializer.Serialize(publicKey, UserServiceJson.Default.PublicKey) },
            new() { Value = timeProvider.GetStoredNow() });
    }

    // The key's id is its thumbprint (RFC 7638), so no two keys can have the same.
    private static PublicKey Describe(ECDsa algorithm)
    {
        var point = algorithm.ExportParameters(includePrivateParameters: false).Q;
        var kid = Base64UrlEncoder.Encode(new ECDsaSecurityKey(algorithm).ComputeJwkThumbprint());
        return new PublicKey(
            "EC", "sig", SecurityAlgorithms.EcdsaSha256, kid, "P-256", Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
    }
}
