namespace HighAvail.UserService.Feed;

/// <param name="Users">Users as they are now, each once.</param>
/// <param name="Keys">Signing keys as they are now, public parts only.</param>
/// <param name="Next">The cursor to go on with.</param>
/// <param name="Remaining">How many changes are known to come after these, counted up to a limit; with none the reader knows everything.</param>
/// <param name="RemainingSince">When the first of them was made.</param>
internal sealed record ChangePage(
    IReadOnlyList<UserChange> Users, IReadOnlyList<KeyChange> Keys, string Next, int Remaining, DateTime? RemainingSince);
