using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Drill.Bench;

/// <summary>Somebody with an access token that is never about to expire.</summary>
internal sealed class SignedIn : IDisposable
{
    // Tokens live five minutes.
    private static readonly TimeSpan _renewal = TimeSpan.FromMinutes(3);

    private readonly HttpClient _client;
    private readonly Timer _timer;
    private volatile string _token = "";

    private SignedIn(Guid id, HttpClient client, object credentials)
    {
        (Id, _client) = (id, client);
        _timer = new Timer(_ => _ = RenewAsync(credentials, CancellationToken.None), null, _renewal, _renewal);
    }

    public Guid Id { get; }

    public string Token => _token;

    public static async Task<SignedIn> CreateAsync(Guid id, HttpClient client, object credentials, CancellationToken cancellationToken)
    {
        var signedIn = new SignedIn(id, client, credentials);
        await signedIn.RenewAsync(credentials, cancellationToken);
        return signedIn;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _client.Dispose();
    }

    // If a renewal fails the next requests will, and they are counted.
    private async Task RenewAsync(object credentials, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync("/auth/login", credentials, cancellationToken);
        response.EnsureSuccessStatusCode();
        _token = (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["accessToken"]!.GetValue<string>();
    }
}
