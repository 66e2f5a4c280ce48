using System.Net;

namespace HighAvail.Drill.Bench;

/// <summary>What the gateway costs, beside HAProxy before the same replicas, which only passes on.</summary>
internal static class GatewayBench
{
    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        await using var system = await BenchSystem.StartAsync("bench", telemetry: null, cancellationToken);
        await using var haproxy = await HaproxyProcess.StartAsync(system.OrderReplicas, system.Pki, cancellationToken);
        using var customer = await system.SignInAsync("customer", cancellationToken);
        var shipped = await BenchOrders.InsertAsync(system, customer.Id, "shipped", cancellationToken);
        using var direct = system.CreateClient(system.Orders, options.Clients);
        using var proxied = system.CreateClient(haproxy.Address, options.Clients);
        using var gateway = system.CreateClient(system.Gateway, options.Clients);

        // From the cache: the less the service has to do, the more of what is measured is the way to it.
        Func<CancellationToken, Task<bool>> Get(HttpClient client) =>
            token => client.SendAsync(HttpMethod.Get, $"/orders/{shipped}", null, customer.Token, HttpStatusCode.OK, token);

        var results = await new Contest(options, report.Tell).RunAsync(
            [
                new("HAProxy before the Order service", Get(proxied)),
                new("the gateway, with limits, retries and all", Get(gateway)),
                new("Order service alone, through the host's front", Get(direct)),
            ],
            cancellationToken);
        report.Add($"GET /orders/{{id}} from the cache, {options.Clients} clients", results);
    }
}
