namespace HighAvail.OrderService.Processing;

/// <summary>An order whose attempt was counted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Attempt">Which attempt it is, from 1 on.</param>
/// <param name="TraceParent">The trace of the request that placed it, if that is kept.</param>
internal readonly record struct ClaimedOrder(Guid Id, int Attempt, string? TraceParent);
