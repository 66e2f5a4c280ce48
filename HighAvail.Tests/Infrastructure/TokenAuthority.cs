using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace HighAvail.Tests.Infrastructure;

/// <summary>Issues access tokens as the User service does, so that the Order service can be tested alone.</summary>
public sealed class TokenAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Kid { get; } = Guid.NewGuid().ToString("N");

    public string Jwk
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return JsonSerializer.Serialize(new
            {
                kty = "EC",
                use = "sig",
                alg = "ES256",
                kid = Kid,
                crv = "P-256",
                x = Base64UrlEncoder.Encode(point.X),
                y = Base64UrlEncoder.Encode(point.Y),
            });
        }
    }

    public string Issue(Guid userId, string role = "customer", TimeSpan? lifetime = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "https://localhost:7443",
        Audience = "highavail",
        Expires = DateTime.UtcNow + (lifetime ?? TimeSpan.FromMinutes(5)),
        Claims = new Dictionary<string, object> { ["sub"] = userId.ToString(), ["role"] = role },
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = Kid }, SecurityAlgorithms.EcdsaSha256),
    });

    /// <summary>Puts the public key where the Order service keeps its copy.</summary>
    public async Task PublishAsync(string database, CancellationToken cancellationToken)
    {
        await using var dataSource = NpgsqlDataSource.Create(database);
        await using var command = dataSource.CreateCommand("INSERT INTO signing_keys (kid, jwk) VALUES ($1, $2::jsonb)");
        command.Parameters.Add(new() { Value = Kid });
        command.Parameters.Add(new() { Value = Jwk });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => _key.Dispose();
}
