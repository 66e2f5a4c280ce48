using System.Diagnostics.CodeAnalysis;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.OrderService.Access;

/// <summary>A public key that verifies access tokens, and the JSON Web Key it came as.</summary>
internal sealed record VerificationKey(string Kid, string Jwk, SecurityKey Key)
{
    public static bool TryParse(string jwk, [NotNullWhen(true)] out VerificationKey? key)
    {
        var parsed = JsonWebKey.Create(jwk);
        key = parsed is { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256, Kid.Length: > 0 }
            && JsonWebKeyConverter.TryConvertToSecurityKey(parsed, out var securityKey)
            ? new VerificationKey(parsed.Kid, jwk, securityKey)
            : null;
        return key is not null;
    }
}
