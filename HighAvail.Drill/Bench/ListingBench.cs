using System.Net;

namespace HighAvail.Drill.Bench;

/// <summary>The newest page of a customer's orders: as fast among millions of orders as among a thousand.</summary>
internal static class ListingBench
{
    private const int Few = 1_000;
    private const int Many = 5_000_000;

    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        await using var small = await BenchSystem.StartAsync("bench", telemetry: null, cancellationToken);
        await using var large = await BenchSystem.StartAsync("bench-large", telemetry: null, cancellationToken);
        using var smallCustomer = await small.SignInAsync("customer", cancellationToken);
        using var largeCustomer = await large.SignInAsync("customer", cancellationToken);
        // A page's worth for either customer.
        await BenchOrders.FillAsync(small, smallCustomer.Id, Few, cancellationToken);
        report.Tell($"inserting {Many} orders");
        await BenchOrders.FillAsync(large, largeCustomer.Id, Many, cancellationToken);
        using var smallGateway = small.CreateClient(small.Gateway, options.Clients);
        using var largeGateway = large.CreateClient(large.Gateway, options.Clients);

        var results = await new Contest(options, report.Tell).RunAsync(
            [
                new($"among {Few} orders", List(smallGateway, smallCustomer)),
                new($"among {Many} orders", List(largeGateway, largeCustomer)),
            ],
            cancellationToken);
        report.Add($"GET /orders?limit=10, {options.Clients} clients", results);
    }

    private static Func<CancellationToken, Task<bool>> List(HttpClient client, SignedIn customer) =>
        cancellationToken => client.SendAsync(HttpMethod.Get, "/orders?limit=10", null, customer.Token, HttpStatusCode.OK, cancellationToken);
}
