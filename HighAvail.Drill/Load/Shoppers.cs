using System.Collections.Concurrent;
using System.Net;

namespace HighAvail.Drill.Load;

/// <summary>Customers who use the shop: makes up the requests of the load, sends them, and notes what was acknowledged.</summary>
internal sealed class Shoppers(
    ShopClient shop, IReadOnlyList<Customer> customers, OrderBook book, LoadOptions options, Random random, TimeProvider time, CancellationToken stop)
{
    private const int PageSize = 20;

    private readonly RequestMix _mix = new(random);
    private readonly ConcurrentQueue<Finding> _findings = new();

    /// <summary>What customers saw that must not be.</summary>
    internal IReadOnlyCollection<Finding> Findings => _findings;

    /// <summary>The next request. From one thread: draws in a fixed order.</summary>
    internal PlannedRequest Next()
    {
        var now = time.GetUtcNow();
        if (customers.FirstOrDefault(c => c.IsDue(now, options.RenewBefore)) is { } due)
        {
            return Plan(RequestKind.SignIn, () => SignInAsync(due));
        }

        var customer = customers[random.Next(customers.Count)];
        var kind = _mix.Next();
        return kind switch
        {
            RequestKind.Place => Plan(kind, () => PlaceAsync(customer)),
            RequestKind.List => Plan(kind, () => ListAsync(customer)),
            RequestKind.Profile => Plan(kind, () => ReadProfileAsync(customer)),
            RequestKind.SignIn => Plan(kind, () => SignInAsync(customer)),
            RequestKind.Read when customer.Recall(random) is { } order => Plan(kind, () => ReadAsync(customer, order)),
            RequestKind.Cancel when customer.TakeToCancel() is { } order => Plan(kind, () => CancelAsync(customer, order)),
            RequestKind.Watch when customer.RecallNewest() is { } order => new(kind, () => WatchAsync(customer, order)),

            // Who has no order yet places one.
            _ => Plan(RequestKind.Place, () => PlaceAsync(customer)),
        };
    }

    private PlannedRequest Plan(RequestKind kind, Func<Task<Outcome>> send) => new(kind, async () => new(await send(), time.GetTimestamp()));

    private async Task<Outcome> PlaceAsync(Customer customer)
    {
        var order = book.Add(customer.Id);
        var reply = await shop.PlaceAsync(customer.Token, new(SentOrder.Currency, order.Lines), order.Key, CancellationToken.None);
        Check(reply, order.Sku);
        if (reply is { Status: HttpStatusCode.Created, Body: { } placed })
        {
            order.SetPlaced(Answer.Acknowledged, placed.Id);
            customer.Remember(order);
            return IsSame(order, placed) ? Outcome.Ok : Complain(FindingKind.WrongContent, order, "it was acknowledged as something else");
        }

        if (reply.IsUnknown)
        {
            return Outcome.Unknown;
        }

        order.SetPlaced(Answer.Refused, null);
        return Outcome.Failed;
    }

    private async Task<Outcome> ReadAsync(Customer customer, SentOrder order)
    {
        var reply = await shop.GetOrderAsync(customer.Token, order.Id!.Value, CancellationToken.None);
        Check(reply, order.Sku);
        return reply switch
        {
            { Status: HttpStatusCode.OK, Body: { } read } => IsSame(order, read) ? Outcome.Ok : Complain(FindingKind.WrongContent, order, "its customer was shown something else"),
            { Status: HttpStatusCode.NotFound } => Complain(FindingKind.NotShown, order, "it was acknowledged, and then not found"),
            _ => Outcome.Failed,
        };
    }

    private async Task<Outcome> ListAsync(Customer customer)
    {
        var newest = customer.RecallNewest();
        var reply = await shop.ListOrdersAsync(customer.Token, PageSize, null, CancellationToken.None);
        Check(reply, $"the orders of customer {customer.Id}");
        return reply is not { Status: HttpStatusCode.OK, Body: { } page } ? Outcome.Failed
            : Shows(page, newest) ? Outcome.Ok
            : Complain(FindingKind.NotShown, newest!, "it was acknowledged, and then not in the list");

        // What was acknowledged before the question is in the answer, on whichever replica; or newer ones fill the page.
        static bool Shows(PageAnswer page, SentOrder? newest) =>
            newest is null || page.Items.Any(o => o?.Id == newest.Id) || (page.Items is { Count: PageSize } items && items[^1]?.Id > newest.Id);
    }

    private async Task<Outcome> CancelAsync(Customer customer, SentOrder order)
    {
        var reply = await shop.CancelAsync(customer.Token, order.Id!.Value, $"{order.Key}-cancel", CancellationToken.None);
        Check(reply, order.Sku);
        if (reply is { Status: HttpStatusCode.OK, Body: not null })
        {
            order.SetCancelled(Answer.Acknowledged);
            return Outcome.Ok;
        }

        if (reply.IsUnknown)
        {
            return Outcome.Unknown;
        }

        // That it is too late is an answer as good as any.
        order.SetCancelled(Answer.Refused);
        return reply.Status switch
        {
            HttpStatusCode.Conflict => Outcome.Ok,
            HttpStatusCode.NotFound => Complain(FindingKind.NotShown, order, "it was acknowledged, and then not found to cancel it"),
            _ => Outcome.Failed,
        };
    }

    private async Task<Outcome> ReadProfileAsync(Customer customer)
    {
        var reply = await shop.GetProfileAsync(customer.Token, CancellationToken.None);
        Check(reply, $"customer {customer.Id}");
        return reply is { Status: HttpStatusCode.OK, Body: { } user } && user.Id == customer.Id ? Outcome.Ok : Outcome.Failed;
    }

    private async Task<Outcome> SignInAsync(Customer customer) =>
        await Customers.SignInAsync(shop, customer, time, CancellationToken.None) ? Outcome.Ok : Outcome.Failed;

    private async Task<Attempt> WatchAsync(Customer customer, SentOrder order)
    {
        var watch = new OrderWatch(shop, customer, order, options, time);
        var attempt = await watch.RunAsync(stop);
        if (watch.Finding is { } finding)
        {
            _findings.Enqueue(finding);
        }

        return attempt;
    }

    // What is no answer at all may come from anywhere; what was answered well and cannot be read comes from a service.
    private void Check<T>(Reply<T> reply, string subject)
        where T : class
    {
        if (reply.IsMalformed)
        {
            _findings.Enqueue(new(FindingKind.WrongContent, subject, $"the system answered {(int)reply.Status!} with something that is not what the API promises"));
        }
    }

    private Outcome Complain(FindingKind kind, SentOrder order, string text)
    {
        _findings.Enqueue(new(kind, $"{order.Sku} (order {order.Id})", text));
        return Outcome.Failed;
    }

    private static bool IsSame(SentOrder sent, OrderAnswer read) =>
        read.Id == sent.Id && read.CustomerId == sent.Customer && read.Currency == SentOrder.Currency && read.Total == sent.Total && read.Lines.SequenceEqual(sent.Lines);
}
