using System.Globalization;
using System.Net;
using HighAvail.Drill.Load;
using HighAvail.Drill.Report;

namespace HighAvail.Drill.Bench;

/// <summary>
/// Twice as many requests as the system can answer, from clients that do not wait for each other: what becomes of those that are let in. The load is made
/// on the same machine, so what it takes is not there for the system.
/// </summary>
internal static class OverloadBench
{
    private const int Excess = 2;

    // All that the gateways let in, and those that they refuse meanwhile.
    private const int Connections = 1_000;

    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        await using var system = await BenchSystem.StartAsync("bench", telemetry: null, cancellationToken);
        using var customer = await system.SignInAsync("customer", cancellationToken);
        using var client = system.CreateClient(system.Gateway, options.Clients);
        using var crowd = system.CreateClient(system.Gateway, Connections);

        report.Add("**Overload**: orders placed through the gateways, by clients that wait for answers and at twice the rate by clients that do not");
        report.AddHeader("", "asked per second", "placed per second", "p50, ms", "p99, ms", "refused", "client late, p99, ms", "p99 without that, ms");
        report.Tell("warm-up");
        // Its connections are there before it is measured, as those of clients that come again are.
        await ClosedLoop.RunAsync(token => PlaceAsync(crowd, customer, token), Connections, options.Duration, cancellationToken);
        await ClosedLoop.RunAsync(token => PlaceAsync(client, customer, token), options.Clients, options.WarmUp, cancellationToken);
        for (var round = 1; round <= options.Rounds; round++)
        {
            var calm = await ClosedLoop.RunAsync(token => PlaceAsync(client, customer, token), options.Clients, options.Duration, cancellationToken);
            report.AddRow(
                $"round {round}, {options.Clients} clients", Number(calm.PerSecond), Number(calm.PerSecond), Milliseconds(calm.Median), Milliseconds(calm.P99), calm.Failed.ToString(CultureInfo.InvariantCulture), "", "");
            await system.SettleAsync(cancellationToken);

            var rate = (int)(Excess * calm.PerSecond);
            var samples = await SteadyLoad.SendAsync(token => PlaceAsync(crowd, customer, token), rate, options.Duration, cancellationToken);
            var placed = RequestStatistics.Of(samples.Where(static sample => sample.Outcome == Outcome.Ok));
            report.AddRow(
                $"round {round}, overload",
                Number(samples.Count / options.Duration.TotalSeconds),
                Number(placed.Requests / options.Duration.TotalSeconds),
                Milliseconds(placed.P50),
                Milliseconds(placed.P99),
                (samples.Count - placed.Requests).ToString(CultureInfo.InvariantCulture),
                Milliseconds(RequestStatistics.Of(samples.Select(static sample => sample with { Latency = sample.Delay })).P99),
                Milliseconds(RequestStatistics.Of(
                    samples.Where(static sample => sample.Outcome == Outcome.Ok).Select(static sample => sample with { Latency = sample.Latency - sample.Delay })).P99));
            await system.SettleAsync(cancellationToken);
        }

        report.Add("");
    }

    private static Task<bool> PlaceAsync(HttpClient client, SignedIn customer, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Post, "/orders", BenchOrders.Request, customer.Token, HttpStatusCode.Created, cancellationToken);

    private static string Number(double number) => number.ToString("F0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double number) => number.ToString("F1", CultureInfo.InvariantCulture);
}
