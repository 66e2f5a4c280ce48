using HighAvail.Drill.Load;

namespace HighAvail.Drill.Audit;

/// <summary>An order as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Customer">Whose it is.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Currency">Its currency.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Total">What it costs.</param>
/// <param name="Version">How often it changed.</param>
/// <param name="Events">What happened to it, in order of version; <see langword="null"/> where that is not shown.</param>
internal sealed record StoredOrder(
    Guid Id,
    Guid Customer,
    string Status,
    string Currency,
    IReadOnlyList<LineBody> Lines,
    long Total,
    long Version,
    IReadOnlyList<StoredEvent>? Events);

/// <summary>A change of an order.</summary>
internal sealed record StoredEvent(long Version, string Type, string? Status);
