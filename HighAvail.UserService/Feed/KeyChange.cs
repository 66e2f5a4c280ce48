using HighAvail.UserService.Keys;

namespace HighAvail.UserService.Feed;

/// <param name="Key">A public key that verifies tokens.</param>
/// <param name="IsRetired">Whether it does so no more.</param>
internal sealed record KeyChange(PublicKey Key, bool IsRetired);
