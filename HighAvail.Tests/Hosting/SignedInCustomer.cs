using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;
using Microsoft.IdentityModel.JsonWebTokens;

namespace HighAvail.Tests.Hosting;

/// <summary>A customer who places one order after another, asking for nothing twice, and gets a new access token every second.</summary>
internal sealed class SignedInCustomer(
    HttpClient client, Guid id, string refreshToken, OrderLedger ledger, ConcurrentQueue<string> failures, ConcurrentDictionary<string, bool> keys) : IDisposable
{
    // Enough orders to meet every moment, and few enough to leave the processors to what restarts.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan _betweenTokens = TimeSpan.FromSeconds(1);

    private string _refreshToken = refreshToken;

    public static async Task<SignedInCustomer> SignInAsync(
        HttpClient client, OrderLedger ledger, ConcurrentQueue<string> failures, ConcurrentDictionary<string, bool> keys, CancellationToken cancellationToken)
    {
        var email = await Customers.SignInAsync(client, cancellationToken);
        var me = (await client.GetFromJsonAsync<JsonObject>("/users/me", cancellationToken))!;
        using var login = await Customers.PostCredentialsAsync(client, email, cancellationToken);
        var pair = (await login.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
        return new(client, me["id"]!.GetValue<Guid>(), pair["refreshToken"]!.GetValue<string>(), ledger, failures, keys);
    }

    /// <summary>Goes on until it is enough; the last requests are answered, too.</summary>
    public Task UseUntilAsync(CancellationToken enough, CancellationToken cancellationToken) =>
        Task.WhenAll(PlaceUntilAsync(enough, cancellationToken), RefreshUntilAsync(enough, cancellationToken));

    public void Dispose() => client.Dispose();

    private async Task PlaceUntilAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        while (!enough.IsCancellationRequested)
        {
            var sku = Guid.NewGuid().ToString("N");
            ledger.Sent(sku, id);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
            {
                Content = JsonContent.Create(new { currency = "EUR", lines = new[] { new { sku, quantity = 1, unitPrice = 450 } } }),
            };
            if (await AnswerAsync(client.SendAsync(request, cancellationToken), HttpStatusCode.Created, "An order", cancellationToken) is { } order)
            {
                ledger.Answered(sku, order["id"]!.GetValue<Guid>());
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    // As a client does that is told to come back: with the same key.
    private async Task RefreshUntilAsync(CancellationToken enough, CancellationToken cancellationToken)
    {
        while (!enough.IsCancellationRequested)
        {
            var answer = Requests.PostAsync(
                client, "/auth/refresh", new { refreshToken = _refreshToken }, [HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout], cancellationToken);
            if (await AnswerAsync(answer, HttpStatusCode.OK, "A refresh", cancellationToken) is not { } pair)
            {
                return;
            }

            var token = pair["accessToken"]!.GetValue<string>();
            keys[new JsonWebToken(token).Kid] = true;
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
            _refreshToken = pair["refreshToken"]!.GetValue<string>();
            await Task.Delay(_betweenTokens, cancellationToken);
        }
    }

    private async Task<JsonObject?> AnswerAsync(Task<HttpResponseMessage> answer, HttpStatusCode expected, string what, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await answer;
            if (response.StatusCode == expected)
            {
                return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            }

            failures.Enqueue($"{what} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
        catch (HttpRequestException exception)
        {
            failures.Enqueue($"{what} was not answered: {exception.Message}");
        }

        return null;
    }
}
