using System.Globalization;

namespace HighAvail.Drill.Load;

/// <summary>An order that was sent, and what the client knows of it. The audit compares it with what is stored.</summary>
/// <param name="Run">The run's id: whoever finds an order can tell who sent it.</param>
/// <param name="Sequence">Counts the orders of a run.</param>
/// <param name="Customer">Who sent it.</param>
internal sealed record SentOrder(string Run, int Sequence, Guid Customer)
{
    internal const string Currency = "EUR";

    /// <summary>A second line, so that the total is a sum.</summary>
    internal const string ExtraSku = "drill-wrapping";
    internal const long ExtraPrice = 250;

    private const string Prefix = "drill";

    private int _placed;
    private int _cancelled;

    /// <summary>The same for a repeat, and for nothing else.</summary>
    internal string Key => Sku;

    /// <summary>What was ordered names the order: it is what can be read wherever the order is stored.</summary>
    internal string Sku => string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(Run)}{Sequence}");

    /// <summary>Differ from order to order, so that a mix-up of two shows.</summary>
    internal int Quantity => (Sequence % 9) + 1;

    internal long UnitPrice => 100 + (Sequence * 37L % 9_901);

    internal long Total => (Quantity * UnitPrice) + ExtraPrice;

    /// <summary>What was ordered, whole.</summary>
    internal IReadOnlyList<LineBody> Lines => [new(Sku, Quantity, UnitPrice), new(ExtraSku, 1, ExtraPrice)];

    /// <summary>The order's id, once it was acknowledged.</summary>
    internal Guid? Id { get; private set; }

    /// <summary>Whether placing was acknowledged.</summary>
    internal Answer Placed => (Answer)Volatile.Read(ref _placed);

    /// <summary>Whether cancelling it was acknowledged.</summary>
    internal Answer Cancelled => (Answer)Volatile.Read(ref _cancelled);

    internal static string PrefixOf(string run) => $"{Prefix}-{run}-";

    /// <summary>The sequence number that a SKU of a run names.</summary>
    internal static bool TryParse(string run, string sku, out int sequence)
    {
        sequence = 0;
        var prefix = PrefixOf(run);
        return sku.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(sku.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    internal void SetPlaced(Answer answer, Guid? id)
    {
        Id = id;
        Volatile.Write(ref _placed, (int)answer);
    }

    internal void SetCancelled(Answer answer) => Volatile.Write(ref _cancelled, (int)answer);
}

/// <summary>What a client knows of a write.</summary>
internal enum Answer
{
    /// <summary>It was not sent.</summary>
    NotSent,

    /// <summary>It was sent, and not answered or with a 5xx: it may have been done, or still be.</summary>
    Unknown,

    /// <summary>It was done.</summary>
    Acknowledged,

    /// <summary>It was not done, and never will be.</summary>
    Refused,
}
