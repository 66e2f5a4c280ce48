namespace HighAvail.UserService.Keys;

/// <summary>A public key as a JSON Web Key (RFC 7517).</summary>
internal sealed record PublicKey(string Kty, string Use, string Alg, string Kid, string Crv, string X, string Y);
