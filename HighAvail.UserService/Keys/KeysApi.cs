using System.Globalization;
using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.UserService.Keys;

internal static class KeysApi
{
    private const int MaxAgeSeconds = 30;

    public static void MapKeysApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.well-known");
        group.MapGet("/jwks.json", GetKeys);
        group.MapGet("/openid-configuration", GetMetadata);
    }

    private static Ok<PublicKeySet> GetKeys(SigningKeyStore keys, IOptions<SigningKeyOptions> rotation, HttpContext context)
    {
        SetCacheable(context, rotation.Value);
        return TypedResults.Ok(keys.PublicKeys);
    }

    private static Ok<ProviderMetadata> GetMetadata(IOptions<AccessOptions> access, IOptions<SigningKeyOptions> rotation, HttpContext context)
    {
        SetCacheable(context, rotation.Value);
        var issuer = access.Value.Issuer;
        return TypedResults.Ok(new ProviderMetadata(
            issuer, $"{issuer.TrimEnd('/')}/.well-known/jwks.json", ["token"], ["public"], [SecurityAlgorithms.EcdsaSha256]));
    }

    // At least two of the intervals at which verifiers ask pass before a new key signs.
    private static void SetCacheable(HttpContext context, SigningKeyOptions rotation)
    {
        var seconds = Math.Min(MaxAgeSeconds, (int)(rotation.RotationInterval.TotalSeconds / 2));
        context.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}");
    }
}
