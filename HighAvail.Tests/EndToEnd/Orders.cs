using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.EndToEnd;

/// <summary>What a customer does with orders, through the gateway.</summary>
internal static class Orders
{
    internal static readonly object Request = new
    {
        currency = "EUR",
        lines = new[] { new { sku = "TEA-1", quantity = 2, unitPrice = 450 }, new { sku = "CUP-7", quantity = 1, unitPrice = 1200 } },
    };

    /// <summary>Places an order and returns it as it was acknowledged.</summary>
    internal static async Task<JsonObject> PlaceAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var response = await Requests.PostAsync(client, "/orders", Request, cancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
    }

    /// <summary>Waits until an order has a status.</summary>
    internal static async Task<JsonObject> WaitForAsync(HttpClient client, string id, string status, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var order = (await client.GetFromJsonAsync<JsonObject>($"/orders/{id}", cancellationToken))!;
            if (order["status"]!.GetValue<string>() == status)
            {
                return order;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
