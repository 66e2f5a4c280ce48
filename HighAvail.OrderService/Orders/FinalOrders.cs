using System.Buffers.Binary;
using System.Security.Claims;
using HighAvail.ServiceDefaults.Access;
using Npgsql;
using ZiggyCreatures.Caching.Fusion;

namespace HighAvail.OrderService.Orders;

/// <summary>
/// Reads an order: from the cache when nothing can happen to it any more, all others from the database, so that everyone sees his own change on
/// any replica.
/// </summary>
internal sealed class FinalOrders(IFusionCache cache, NpgsqlDataSource dataSource, TimeProvider timeProvider)
{
    // What is read most was placed just now and is not final yet: Redis is not asked in vain for it. And what has just changed may still wait for a
    // synchronous standby, and be lost with this server: that is not kept beyond it.
    private static readonly TimeSpan _youth = TimeSpan.FromMinutes(1);

    private readonly FusionCacheEntryOptions _entry = cache.DefaultEntryOptions.Duplicate(TimeSpan.FromHours(1));

    /// <summary>The order, if the caller may see it: another's is as missing as one that never was.</summary>
    public async Task<Order?> FindAsync(Guid id, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        if (timeProvider.GetUtcNow().ToUnixTimeMilliseconds() - TimeOf(id) < (long)_youth.TotalMilliseconds)
        {
            return await OrderRows.FindAsync(dataSource, id, caller, cancellationToken);
        }

        var key = $"order:{id}";
        if (await cache.TryGetAsync<Order>(key, token: cancellationToken) is { HasValue: true, Value: var known })
        {
            return known.CustomerId == caller.GetUserId() || caller.IsAdmin() ? known : null;
        }

        var order = await OrderRows.FindAsync(dataSource, id, caller, cancellationToken);
        if (order is not null && OrderLife.IsFinal(order.Status) && timeProvider.GetUtcNow() - order.UpdatedAt >= _youth)
        {
            await cache.SetAsync(key, order, _entry.Duplicate().SetSize(1 + (order.Lines.Count / 10)), token: cancellationToken);
        }

        return order;
    }

    // An id is a UUID v7: it begins with the milliseconds since 1970. One that is none was never an order's.
    private static long TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }
}
