namespace HighAvail.UserService.Keys;

internal sealed record PublicKeySet(IReadOnlyList<PublicKey> Keys);
