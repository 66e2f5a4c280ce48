using System.Net;
using HighAvail.Drill.Bench.Bare;

namespace HighAvail.Drill.Bench;

/// <summary>What the gateway costs, beside HAProxy and beside its own bare proxy before the same replicas, which only pass on: one process of each.</summary>
internal static class GatewayBench
{
    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        await using var system = await BenchSystem.StartAsync("bench", telemetry: null, cancellationToken);
        await using var haproxy = await HaproxyProcess.StartAsync(system.OrderReplicas, system.Pki, cancellationToken);
        await using var bare = await BareProxy.StartAsync(system.OrderReplicas, system.Pki, cancellationToken);
        using var customer = await system.SignInAsync("customer", cancellationToken);
        var shipped = await BenchOrders.InsertAsync(system, customer.Id, "shipped", cancellationToken);

        var clients = new List<HttpClient>();

        // From the cache: the less the service has to do, the more of what is measured is the way to it.
        Contestant Get(string name, Uri address)
        {
            var client = system.CreateClient(address, options.Clients);
            clients.Add(client);
            return new(name, token => client.SendAsync(HttpMethod.Get, $"/orders/{shipped}", null, customer.Token, HttpStatusCode.OK, token));
        }

        var results = await new Contest(options, report.Tell).RunAsync(
            [
                Get("HAProxy before the Order service", haproxy.Address),
                Get("the gateway's proxy, bare", new Uri(bare.Said[0])),
                Get("the gateway, with limits, retries and all", system.GatewayReplica),
                Get("two gateways, through the host's front", system.Gateway),
                Get("an Order replica itself", system.OrderReplicas[0]),
            ],
            cancellationToken);
        clients.ForEach(static client => client.Dispose());
        report.Add($"GET /orders/{{id}} from the cache, {options.Clients} clients", results);
    }
}
