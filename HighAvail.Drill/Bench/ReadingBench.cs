using System.Net;
using System.Net.Http.Json;
using HighAvail.Drill.Bench.Floor;

namespace HighAvail.Drill.Bench;

/// <summary>Single reads per second: an order that may change, one that cannot any more, a profile that somebody else reads.</summary>
internal static class ReadingBench
{
    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        await using var system = await BenchSystem.StartAsync("bench", telemetry: null, cancellationToken);
        await using var floor = await FloorProcess.StartAsync(system.ConnectionString("postgres"), cancellationToken);
        using var customer = await system.SignInAsync("customer", cancellationToken);
        using var admin = await system.SignInAsync("admin", cancellationToken);
        using var plain = floor.CreateClient(floor.Http, options.Clients);
        using var gateway = system.CreateClient(system.Gateway, options.Clients);

        using var inserted = await plain.PostAsJsonAsync(FloorServer.Insert, new { total = 900 }, cancellationToken);
        inserted.EnsureSuccessStatusCode();
        var confirmed = await BenchOrders.InsertAsync(system, customer.Id, "confirmed", cancellationToken);
        var shipped = await BenchOrders.InsertAsync(system, customer.Id, "shipped", cancellationToken);
        var results = await new Contest(options, report.Tell).RunAsync(
            [
                new("floor: one SELECT over HTTP", Get(plain, inserted.Headers.Location!.ToString(), null)),
                new("GET /orders/{id}, confirmed", Get(gateway, $"/orders/{confirmed}", customer)),
                new("GET /orders/{id}, shipped: from the cache", Get(gateway, $"/orders/{shipped}", customer)),
                new("GET /users/me", Get(gateway, "/users/me", customer)),
                new("GET /users/{id} by an administrator: from the cache", Get(gateway, $"/users/{customer.Id}", admin)),
            ],
            cancellationToken);
        report.Add($"Reads, {options.Clients} clients", results);
    }

    private static Func<CancellationToken, Task<bool>> Get(HttpClient client, string path, SignedIn? reader) =>
        cancellationToken => client.SendAsync(HttpMethod.Get, path, null, reader?.Token, HttpStatusCode.OK, cancellationToken);
}
