using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Hosting;

/// <summary>A customer who places one order after another, and repeats each with its key until it is answered.</summary>
internal sealed class PersistentCustomer(HttpClient client, string email, Guid id, OrderLedger ledger) : IDisposable
{
    // What stands before the gateway gives up after 20 s; the gateway itself after 15.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(20);

    // Between two orders, and two attempts: what is killed needs the processors to come back.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(30);

    public static async Task<PersistentCustomer> SignInAsync(RunningSystem system, OrderLedger ledger, CancellationToken cancellationToken)
    {
        var client = system.CreateClient();
        var email = await Customers.SignInAsync(client, cancellationToken);
        var me = (await client.GetFromJsonAsync<JsonObject>("/users/me", cancellationToken))!;
        return new PersistentCustomer(client, email, me["id"]!.GetValue<Guid>(), ledger);
    }

    /// <summary>Places orders until it is enough; the last one is answered, too.</summary>
    public async Task PlaceUntilAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        while (!enough.IsCancellationRequested)
        {
            var sku = Guid.NewGuid().ToString("N");
            ledger.Sent(sku, id);
            ledger.Answered(sku, await PlaceAsync(sku, cancellationToken));
            await Task.Delay(_pause, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<Guid> PlaceAsync(string sku, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryPlaceAsync(sku, cancellationToken) is { } order)
            {
                return order;
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    private async Task<Guid?> TryPlaceAsync(string sku, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(new { currency = "EUR", lines = new[] { new { sku, quantity = 1, unitPrice = 450 } } }),
        };
        request.Headers.Add("Idempotency-Key", sku);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_timeout);
        try
        {
            using var response = await client.SendAsync(request, timeout.Token);
            if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                return null;
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                // Kills take as long as they take, and a token lives five minutes.
                await Customers.SignInAgainAsync(client, email, timeout.Token);
                return null;
            }

            var body = await response.Content.ReadAsStringAsync(timeout.Token);
            Assert.True(response.StatusCode == HttpStatusCode.Created, $"{sku} was answered {(int)response.StatusCode}: {body}");
            return JsonNode.Parse(body)!["id"]!.GetValue<Guid>();
        }
        catch (HttpRequestException)
        {
            // Whatever it was that answered is gone.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
