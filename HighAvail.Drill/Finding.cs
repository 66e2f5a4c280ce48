namespace HighAvail.Drill;

/// <summary>Something that must not be.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Subject">Which order.</param>
/// <param name="Text">What is wrong with it.</param>
internal sealed record Finding(FindingKind Kind, string Subject, string Text);

internal enum FindingKind
{
    /// <summary>An acknowledged order is not there.</summary>
    Lost,

    /// <summary>An order is there more than once.</summary>
    Doubled,

    /// <summary>There is an order that nobody sent.</summary>
    Invented,

    /// <summary>An order is there although placing it was refused, or is cancelled although nobody, or nobody successfully, asked for it.</summary>
    DoneUnasked,

    /// <summary>It is not the order that was sent, or not under the id that was acknowledged.</summary>
    WrongContent,

    /// <summary>The total is not the sum of the lines.</summary>
    WrongTotal,

    /// <summary>Nothing has become of it for too long.</summary>
    NotFinal,

    /// <summary>It was cancelled, and is something else now.</summary>
    NotCancelled,

    /// <summary>Its events have a gap, are out of order, or do not lead to what it is.</summary>
    BrokenEvents,

    /// <summary>A customer was not shown an order that had been acknowledged before they asked.</summary>
    NotShown,

    /// <summary>Somebody who watched was not told every change in order.</summary>
    BrokenStream,
}
