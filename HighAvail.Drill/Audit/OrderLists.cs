using System.Net;
using HighAvail.Drill.Load;

namespace HighAvail.Drill.Audit;

/// <summary>The lists of orders that customers are shown, read to their ends.</summary>
internal sealed class OrderLists(ShopClient shop, IReadOnlyList<Customer> customers, TimeProvider time) : IOrderSource
{
    private const int PageSize = 200;

    // The system may still be healing from the last fault.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    public string Name => "API";

    public async Task<IReadOnlyList<StoredOrder>> ReadAsync(CancellationToken cancellationToken)
    {
        var orders = new List<StoredOrder>();
        foreach (var customer in customers)
        {
            string? after = null;
            do
            {
                var page = await ReadPageAsync(customer, after, cancellationToken);
                orders.AddRange(page.Items.Select(o => new StoredOrder(o.Id, o.CustomerId, o.Status, o.Currency, o.Lines, o.Total, o.Version, null)));
                after = page.Next;
            }
            while (after is not null);
        }

        return orders;
    }

    private async Task<PageAnswer> ReadPageAsync(Customer customer, string? after, CancellationToken cancellationToken)
    {
        var beganAt = time.GetTimestamp();
        while (true)
        {
            if (customer.Token.ExpiresAt - time.GetUtcNow() < _patience)
            {
                await Customers.RenewAsync(shop, customer, time, cancellationToken);
            }

            var reply = await shop.ListOrdersAsync(customer.Token, PageSize, after, cancellationToken);
            if (reply is { Status: HttpStatusCode.OK, Body: { } page })
            {
                return page.Items.Contains(null!) ? throw new DrillException("A customer's list holds something that is no order.") : page;
            }

            if (!reply.IsUnknown || time.GetElapsedTime(beganAt) > _patience)
            {
                throw new DrillException($"A customer's orders cannot be listed: {(reply.Status is { } status ? $"the system answered {(int)status}" : "the system does not answer")}.");
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }
}
