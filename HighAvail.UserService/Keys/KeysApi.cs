using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.UserService.Keys;

internal static class KeysApi
{
    // Two of the intervals at which verifiers ask pass before a new key signs.
    private const string Cacheable = "public, max-age=30";

    public static void MapKeysApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/.well-known");
        group.MapGet("/jwks.json", GetKeys);
        group.MapGet("/openid-configuration", GetMetadata);
    }

    private static Ok<PublicKeySet> GetKeys(SigningKeyStore keys, HttpContext context)
    {
        context.Response.Headers.CacheControl = Cacheable;
        return TypedResults.Ok(keys.PublicKeys);
    }

    private static Ok<ProviderMetadata> GetMetadata(IOptions<AccessOptions> access, HttpContext context)
    {
        context.Response.Headers.CacheControl = Cacheable;
        var issuer = access.Value.Issuer;
        return TypedResults.Ok(new ProviderMetadata(
            issuer, $"{issuer.TrimEnd('/')}/.well-known/jwks.json", ["token"], ["public"], [SecurityAlgorithms.EcdsaSha256]));
    }
}
