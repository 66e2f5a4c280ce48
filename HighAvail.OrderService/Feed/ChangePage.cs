using System.Text.Json;

namespace HighAvail.OrderService.Feed;

/// <summary>What the User service answers; members that a later version adds are passed over.</summary>
/// <param name="Users">Users as they are now.</param>
/// <param name="Keys">Signing keys as they are now.</param>
/// <param name="Next">The cursor to go on with.</param>
/// <param name="Remaining">How many changes are known to come after these.</param>
/// <param name="RemainingSince">When the first of them was made.</param>
internal sealed record ChangePage(
    IReadOnlyList<ChangePage.User> Users, IReadOnlyList<ChangePage.SigningKey> Keys, string Next, int Remaining, DateTime? RemainingSince)
{
    internal sealed record User(Guid Id, long Version, string DisplayName, DateTime? DeactivatedAt);

    /// <param name="Key">A JSON Web Key.</param>
    /// <param name="IsRetired">Whether it verifies nothing any more.</param>
    internal sealed record SigningKey(JsonElement Key, bool IsRetired);
}
