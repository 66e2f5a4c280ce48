using System.Net;
using HighAvail.Drill.Bench.Floor;
using Npgsql;

namespace HighAvail.Drill.Bench;

/// <summary>Acknowledged orders per second, and what each part of the system takes of them; and whether processing keeps up.</summary>
internal static class PlacingBench
{
    // Of what clients that wait for their answers get through: a rate that leaves the machine some air.
    private const double Sustained = 0.5;

    // As many as can be under way at that rate while an answer takes half a second.
    private const int Connections = 200;

    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        await using var system = await BenchSystem.StartAsync("bench", telemetry: null, cancellationToken);
        await using var floor = await FloorProcess.StartAsync(system.ConnectionString("postgres"), cancellationToken);
        await using var observed = await BenchSystem.StartAsync("bench-telemetry", floor.Http, cancellationToken);
        using var customer = await system.SignInAsync("customer", cancellationToken);
        using var observedCustomer = await observed.SignInAsync("customer", cancellationToken);
        using var plain = floor.CreateClient(floor.Http, options.Clients);
        using var secure = floor.CreateClient(floor.Https, options.Clients);
        using var orders = system.CreateClient(system.Orders, options.Clients);
        using var gateway = system.CreateClient(system.Gateway, options.Clients);
        using var observedGateway = observed.CreateClient(observed.Gateway, options.Clients);

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ages = Task.WhenAll(WatchAsync(system, watching.Token), WatchAsync(observed, watching.Token));
        const string ThroughTheGateway = "through the gateway";
        var results = await new Contest(options, report.Tell).RunAsync(
            [
                new("floor: one INSERT over HTTP", Post(plain, FloorServer.Insert, null)),
                new("floor: over TLS", Post(secure, FloorServer.Insert, null)),
                new("floor: key, order, event and answer in one statement", Post(plain, FloorServer.Place, null)),
                new("Order service, without the gateway", Post(orders, "/orders", customer), system.SettleAsync),
                new(ThroughTheGateway, Post(gateway, "/orders", customer), system.SettleAsync),
                new("through the gateway, telemetry exported", Post(observedGateway, "/orders", observedCustomer), observed.SettleAsync),
            ],
            cancellationToken);
        await watching.CancelAsync();

        report.Add($"Orders placed, {options.Clients} clients", results);
        report.Add($"Oldest order waiting to be processed at any time, warm-up included: {(await ages).Max().TotalMilliseconds:F0} ms");
        var rate = (int)(Sustained * results.Single(static result => result.Name == ThroughTheGateway).PerSecond.Median);
        var (age, refused) = await SustainAsync(system, customer, rate, options, cancellationToken);
        report.Add($"The same at a steady {rate} orders a second, of which {refused} were not placed: {age.TotalMilliseconds:F0} ms");
    }

    private static async Task<(TimeSpan Oldest, int Refused)> SustainAsync(
        BenchSystem system, SignedIn customer, int rate, BenchOptions options, CancellationToken cancellationToken)
    {
        using var client = system.CreateClient(system.Gateway, Connections);
        // Its connections are there before, as those of clients that come again are.
        await ClosedLoop.RunAsync(Post(client, "/orders", customer), Connections, options.Duration, cancellationToken);
        await system.SettleAsync(cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var oldest = WatchAsync(system, watching.Token);
        var samples = await SteadyLoad.SendAsync(Post(client, "/orders", customer), rate, options.Rounds * options.Duration, cancellationToken);
        await watching.CancelAsync();
        return (await oldest, samples.Count(static sample => sample.Outcome != Load.Outcome.Ok));
    }

    private static Func<CancellationToken, Task<bool>> Post(HttpClient client, string path, SignedIn? customer) =>
        cancellationToken => client.SendAsync(HttpMethod.Post, path, BenchOrders.Request, customer?.Token, HttpStatusCode.Created, cancellationToken);

    private static async Task<TimeSpan> WatchAsync(BenchSystem system, CancellationToken cancellationToken)
    {
        var oldest = TimeSpan.Zero;
        try
        {
            while (true)
            {
                try
                {
                    var age = await system.PendingAsync(cancellationToken) ?? TimeSpan.Zero;
                    oldest = age > oldest ? age : oldest;
                }
                catch (NpgsqlException) when (!cancellationToken.IsCancellationRequested)
                {
                    // A machine that is too busy to answer this time.
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return oldest;
        }
    }
}
