namespace HighAvail.UserService.Feed;

/// <summary>What was found after a cursor.</summary>
internal sealed class Changes(ChangeCursor after)
{
    public List<UserChange> Users { get; } = [];

    public List<KeyChange> Keys { get; } = [];

    public int Count => Users.Count + Keys.Count;

    /// <summary>The place of the last change, or where the search began.</summary>
    public ChangeCursor Last { get; set; } = after;

    /// <summary>When the first change was made that was left for later, if there is one.</summary>
    public DateTime? RemainingSince { get; set; }
}
