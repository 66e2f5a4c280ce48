using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.EndToEnd;

/// <summary>People who use the system, through the gateway.</summary>
internal static class Customers
{
    private const string Password = "correct horse battery";

    /// <summary>
    /// Registers a new person and signs in; what the client asks from then on, that person asks. Returns the address with which to sign in again.
    /// </summary>
    internal static async Task<string> SignInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using var registered = await Requests.PostAsync(client, "/auth/register", new { email, password = Password, displayName = "Ada" }, cancellationToken);
        registered.EnsureSuccessStatusCode();
        await SignInAgainAsync(client, email, cancellationToken);
        return email;
    }

    /// <summary>Signs in a person who has registered: a token lives for minutes only, and keeps the role that it was issued with.</summary>
    internal static async Task SignInAgainAsync(HttpClient client, string email, CancellationToken cancellationToken)
    {
        using var signedIn = await PostCredentialsAsync(client, email, cancellationToken);
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["accessToken"]!.GetValue<string>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    /// <summary>Signs in a person who has registered, and returns the whole answer.</summary>
    internal static async Task<HttpResponseMessage> PostCredentialsAsync(HttpClient client, string email, CancellationToken cancellationToken) =>
        (await Requests.PostAsync(client, "/auth/login", new { email, password = Password }, cancellationToken)).EnsureSuccessStatusCode();
}
