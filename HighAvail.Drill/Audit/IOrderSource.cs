namespace HighAvail.Drill.Audit;

/// <summary>Where stored orders can be read.</summary>
internal interface IOrderSource
{
    /// <summary>What people call it.</summary>
    string Name { get; }

    /// <summary>All orders of the run's customers, and all that look as if the run had sent them.</summary>
    /// <exception cref="DrillException">They cannot be read.</exception>
    Task<IReadOnlyList<StoredOrder>> ReadAsync(CancellationToken cancellationToken);
}
