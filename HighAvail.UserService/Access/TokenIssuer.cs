using HighAvail.ServiceDefaults.Access;
using HighAvail.UserService.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.UserService.Access;

/// <summary>Signs access tokens.</summary>
internal sealed class TokenIssuer(
    SigningKeyStore keys, IOptions<AccessOptions> access, IOptions<TokenOptions> tokens, TimeProvider timeProvider)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public LoginResponse Issue(Guid userId, string role)
    {
        var now = timeProvider.GetUtcNow().UtcDateTime;
        var lifetime = tokens.Value.AccessTokenLifetime;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = access.Value.Issuer,
            Audience = access.Value.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = new Dictionary<string, object>
            {
                [AccessClaims.Subject] = userId.ToString(),
                [AccessClaims.Role] = role,
            },
            SigningCredentials = new SigningCredentials(keys.Current.PrivateKey, SecurityAlgorithms.EcdsaSha256),
        });
        return new LoginResponse(token, "Bearer", (int)lifetime.TotalSeconds);
    }
}
