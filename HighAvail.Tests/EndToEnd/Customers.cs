using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.EndToEnd;

/// <summary>People who use the system, through the gateway.</summary>
internal static class Customers
{
    /// <summary>Registers a new person and signs in; what the client asks from then on, that person asks.</summary>
    internal static async Task SignInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        const string Password = "correct horse battery";
        using var registered = await Requests.PostAsync(client, "/auth/register", new { email, password = Password, displayName = "Ada" }, cancellationToken);
        registered.EnsureSuccessStatusCode();
        using var signedIn = await Requests.PostAsync(client, "/auth/login", new { email, password = Password }, cancellationToken);
        signedIn.EnsureSuccessStatusCode();
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["accessToken"]!.GetValue<string>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }
}
