using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;
using HighAvail.Tests.OrderService.Events;

namespace HighAvail.Tests.AppHost.Edge;

/// <summary>What clients of the edge see while what is behind it, and it itself, is killed.</summary>
[Collection(nameof(EdgeSystem))]
public sealed class EdgeSystemTests(EdgeSystem system, ITestOutputHelper output)
{
    private const int Customers = 6;

    // So many orders are placed before the first kill, between two, and after the last.
    private const int OrdersBetweenKills = 40;

    private static readonly string[] _kills = ["gateway-0", "gateway-1", "gateway-0", "gateway-1"];

    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task PlaceOrder_ThroughTheEdge_IsConfirmedAndItsEventsArriveAsTheyHappen()
    {
        using var client = await system.SignInAsync(Cancelled);

        var order = await Orders.PlaceAsync(client, Cancelled);
        await using var events = await EventStreamReader.OpenAsync(client, order["id"]!.GetValue<Guid>(), "0", Cancelled);

        Assert.Equal("1 placed, 2 confirmed", await events.NextAsync(2));
    }

    [Fact]
    public async Task PlaceOrders_GatewaysAreKilledOneAfterTheOther_NoneFails()
    {
        var cancelled = Patience.Token;
        var (answered, failed) = (new ConcurrentDictionary<Guid, bool>(), new ConcurrentQueue<string>());
        using var enough = new CancellationTokenSource();
        var customers = new List<HttpClient>();
        while (customers.Count < Customers)
        {
            customers.Add(await system.SignInAsync(cancelled));
        }

        var placing = Task.WhenAll(customers.Select(PlaceUntilEnoughAsync));
        try
        {
            foreach (var gateway in _kills)
            {
                await PlacedAsync(OrdersBetweenKills);
                await system.KillAsync(gateway, cancelled);
            }

            await PlacedAsync(OrdersBetweenKills);
        }
        finally
        {
            await enough.CancelAsync();
            await placing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            customers.ForEach(customer => customer.Dispose());
        }

        output.WriteLine($"{answered.Count} orders were placed.");
        Assert.True(failed.IsEmpty, string.Join('\n', [.. failed, .. await system.EdgeLogAsync(cancelled)]));

        // Each was sent once, with no key of the client's and no repetition of the client's.
        async Task PlaceUntilEnoughAsync(HttpClient customer)
        {
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    using var response = await customer.PostAsJsonAsync("/orders", Orders.Request, cancelled);
                    var body = await response.Content.ReadFromJsonAsync<JsonObject>(cancelled);
                    if ((int)response.StatusCode != 201 || !answered.TryAdd(body!["id"]!.GetValue<Guid>(), true))
                    {
                        failed.Enqueue($"{(int)response.StatusCode} {body}");
                    }
                }
                catch (HttpRequestException exception)
                {
                    failed.Enqueue(exception.Message);
                }
            }
        }

        Task PlacedAsync(int count)
        {
            var goal = answered.Count + count;
            return Eventually.TrueAsync(() => answered.Count >= goal || placing.IsCompleted, $"{count} more orders are placed");
        }
    }

    [Fact]
    public async Task Kill_OfTheEdge_HoldsNewConnectionsUntilItIsBack()
    {
        using var client = await system.SignInAsync(Cancelled);
        await system.KillAsync("edge", Cancelled, waitUntilHealed: false);
        using var newcomer = system.App.CreateHttpClient("edge", "https");
        newcomer.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;

        var order = await Orders.PlaceAsync(newcomer, Cancelled);

        Assert.Equal("pending", order["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Statistics_OfTheEdge_AreALinkAmongItsAddresses()
    {
        var edge = await system.App.ResourceNotifications.WaitForResourceHealthyAsync("edge", Cancelled);
        var link = Assert.Single(edge.Snapshot.Urls, url => url.DisplayProperties.DisplayName == "Statistics");
        using var client = new HttpClient();

        Assert.Contains("Statistics Report", await client.GetStringAsync(link.Url, Cancelled), StringComparison.Ordinal);
    }
}
