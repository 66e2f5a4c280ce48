using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Api;

/// <summary>Somebody who calls operations as the documents say; every answer is held against them.</summary>
internal sealed class ApiCaller(ApiCatalogue catalogue, AnswerCheck check, HttpClient client)
{
    public const string Password = "correct horse battery";

    public string? Id { get; private set; }

    public string? AccessToken { get; private set; }

    public string? RefreshToken { get; private set; }

    public string Email { get; } = $"{Guid.NewGuid():N}@example.com";

    public async Task<ApiCaller> RegisterAsync()
    {
        using var registered = await SendAsync("register", body: Registration());
        Id = (await ReadAsync(registered))["id"]!.GetValue<string>();
        await SignInAsync(Email, Password);
        return this;
    }

    public async Task<ApiCaller> SignInAsync(string email, string password)
    {
        using var signedIn = await SendAsync("login", body: new JsonObject { ["email"] = email, ["password"] = password });
        var tokens = await ReadAsync(signedIn);
        AccessToken = tokens["accessToken"]!.GetValue<string>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", AccessToken);
        RefreshToken = tokens["refreshToken"]!.GetValue<string>();
        return this;
    }

    public JsonObject Registration() => new() { ["email"] = Email, ["password"] = Password, ["displayName"] = "Somebody" };

    /// <summary>Calls an operation, with the body of its example unless another is given.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string operation, string? id = null, JsonNode? body = null, string query = "", params (string Name, string Value)[] headers)
    {
        var described = catalogue[operation];
        while (true)
        {
            var request = new HttpRequestMessage(
                new HttpMethod(described.Method), described.Path.Replace("{id}", id ?? $"{Guid.CreateVersion7()}", StringComparison.Ordinal) + query);
            if ((body ?? described.Example) is { } content)
            {
                request.Content = new StringContent(content.ToJsonString(), Encoding.UTF8, "application/json");
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
            await check.CheckAsync(response, Patience.Token);
            // On a busy machine the system may ask for a repetition.
            if (response is not { StatusCode: System.Net.HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } delay })
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(delay, Patience.Token);
        }
    }

    /// <summary>The same, for its status alone.</summary>
    public async Task<int> CallAsync(string operation, string? id = null, JsonNode? body = null, string query = "", params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(operation, id, body, query, headers);
        return (int)response.StatusCode;
    }

    /// <summary>Places an order and waits until it has been processed.</summary>
    public async Task<string> PlaceConfirmedAsync()
    {
        using var placed = await SendAsync("placeOrder");
        var id = (await ReadAsync(placed))["id"]!.GetValue<string>();
        await Orders.WaitForAsync(client, id, "confirmed", Patience.Token);
        return id;
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(Patience.Token))!;
}
