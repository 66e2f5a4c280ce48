using Microsoft.IdentityModel.Tokens;

namespace HighAvail.UserService.Keys;

internal sealed record SigningKey(ECDsaSecurityKey PrivateKey, PublicKey PublicKey, DateTime NotBefore);
