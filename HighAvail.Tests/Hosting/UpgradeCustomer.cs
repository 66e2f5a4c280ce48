using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Hosting;

/// <summary>A customer who places an order, reads it and lists the newest, again and again, and asks for nothing twice.</summary>
internal sealed class UpgradeCustomer(HttpClient client, Guid id, string newField, OrderLedger ledger, ConcurrentQueue<UpgradeAnswer> answers) : IDisposable
{
    public const string Place = "place";
    public const string Read = "read";
    public const string List = "list";

    // Enough requests to meet every moment of the upgrade, and few enough to leave it the processors.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    public static async Task<UpgradeCustomer> SignInAsync(
        HttpClient client, string newField, OrderLedger ledger, ConcurrentQueue<UpgradeAnswer> answers, CancellationToken cancellationToken)
    {
        await Customers.SignInAsync(client, cancellationToken);
        var me = (await client.GetFromJsonAsync<JsonObject>("/users/me", cancellationToken))!;
        return new(client, me["id"]!.GetValue<Guid>(), newField, ledger, answers);
    }

    /// <summary>Asks until it is enough; the last requests are answered, too.</summary>
    public async Task AskUntilAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        while (!enough.IsCancellationRequested)
        {
            var sku = Guid.NewGuid().ToString("N");
            ledger.Sent(sku, id);
            using var place = new HttpRequestMessage(HttpMethod.Post, "/orders")
            {
                Content = JsonContent.Create(new { currency = "EUR", lines = new[] { new { sku, quantity = 1, unitPrice = 450 } } }),
            };
            place.Headers.Add("Idempotency-Key", sku);
            if (await AskAsync(Place, place, HttpStatusCode.Created, static placed => placed, cancellationToken) is { } order)
            {
                var placed = order["id"]!.GetValue<Guid>();
                ledger.Answered(sku, placed);
                using var read = new HttpRequestMessage(HttpMethod.Get, $"/orders/{placed}");
                await AskAsync(Read, read, HttpStatusCode.OK, found => Placed(found, placed), cancellationToken);
                using var list = new HttpRequestMessage(HttpMethod.Get, "/orders?limit=5");
                await AskAsync(List, list, HttpStatusCode.OK, page => Placed(page["items"]![0], placed), cancellationToken);
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>The order in an answer, if it is the one that was placed last.</summary>
    private static JsonNode? Placed(JsonNode? order, Guid placed) => order?["id"]!.GetValue<Guid>() == placed ? order : null;

    /// <summary>Sends a request and notes its answer; returns the order in it, if it is as it should be.</summary>
    private async Task<JsonNode?> AskAsync(
        string name, HttpRequestMessage request, HttpStatusCode expected, Func<JsonNode, JsonNode?> orderIn, CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        JsonNode? order = null;
        string? failure;
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            order = response.StatusCode == expected ? orderIn(JsonNode.Parse(body)!) : null;
            failure = order is null ? $"{name} was answered {(int)response.StatusCode}: {body}" : null;
        }
        catch (HttpRequestException exception)
        {
            failure = $"{name} was not answered: {exception.Message}";
        }

        answers.Enqueue(new(name, sent, Stopwatch.GetTimestamp(), order?.AsObject().ContainsKey(newField) == true, failure));
        return order;
    }
}
