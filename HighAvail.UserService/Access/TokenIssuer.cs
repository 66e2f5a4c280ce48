using HighAvail.ServiceDefaults.Access;
using HighAvail.UserService.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.UserService.Access;

/// <summary>Signs access tokens, and answers with them.</summary>
internal sealed class TokenIssuer(
    SigningKeyStore keys, IOptions<AccessOptions> access, IOptions<TokenOptions> tokens, TimeProvider timeProvider)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public TokenResponse Answer(Guid userId, string role, string refreshToken, HttpResponse response)
    {
        // RFC 6749, section 5.1.
        response.Headers.CacheControl = "no-store";
        return new TokenResponse(Issue(userId, role), "Bearer", (int)tokens.Value.AccessTokenLifetime.TotalSeconds, refreshToken);
    }

    public string Issue(Guid userId, string role)
    {
        var now = timeProvider.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = access.Value.Issuer,
            Audience = access.Value.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + tokens.Value.AccessTokenLifetime,
            Claims = new Dictionary<string, object>
            {
                [AccessClaims.Subject] = userId.ToString(),
                [AccessClaims.Role] = role,
            },
            SigningCredentials = new SigningCredentials(keys.Current.PrivateKey, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
