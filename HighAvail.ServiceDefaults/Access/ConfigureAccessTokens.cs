using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>Makes the bearer scheme accept exactly what this system issues: ES256, our issuer, our audience, keys from the key source.</summary>
internal sealed class ConfigureAccessTokens(
    IOptions<AccessOptions> access, ISigningKeySource keys, VerifiedTokens tokens, UnknownKeyRetry retry)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(string? name, JwtBearerOptions options) => Configure(options);

    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        // Which claim was wrong is for the log, not for whoever tries tokens.
        options.IncludeErrorDetails = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(tokens);
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = access.Value.Issuer,
            ValidAudience = access.Value.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ClockSkew = access.Value.ClockSkew,
            NameClaimType = AccessClaims.Subject,
            RoleClaimType = AccessClaims.Role,
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Find(keyId) is { } key ? [key] : [],
        };
        options.Events = new JwtBearerEvents { OnAuthenticationFailed = retry.RetryAsync, OnChallenge = UnknownKeyRetry.ChallengeAsync };
    }
}
