using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>
/// Verifies access tokens, and remembers those that were good until they expire: a client sends the same one with every request, and verifying
/// its signature is the most expensive thing that a small request asks for.
/// </summary>
/// <remarks>A remembered token is good for as long as its key is: with the key that verified it gone or replaced, it is verified anew.</remarks>
internal sealed class VerifiedTokens(ISigningKeySource keys, IOptions<AccessOptions> options) : TokenHandler, IDisposable
{
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = options.Value.MaxRememberedTokens });

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        // By its hash: what anybody sends may be long, and its hash is not.
        var name = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_verified.TryGetValue(name, out TokenValidationResult? known) && IsCurrent(known!.SecurityToken))
        {
            return known;
        }

        var result = await _handler.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            _verified.Set(name, result, new MemoryCacheEntryOptions
            {
                Size = 1,
                AbsoluteExpiration = new DateTimeOffset(result.SecurityToken.ValidTo) + validationParameters.ClockSkew,
            });
        }

        return result;
    }

    public override SecurityToken ReadToken(string token) => _handler.ReadToken(token);

    public void Dispose() => _verified.Dispose();

    private bool IsCurrent(SecurityToken token) => ReferenceEquals(keys.Find(((JsonWebToken)token).Kid), token.SigningKey);
}
