using System.Text.Json;

namespace HighAvail.OrderService.Access;

/// <summary>Asks the User service for the keys that verify access tokens.</summary>
internal sealed class SigningKeyClient(IHttpClientFactory clients)
{
    public const string Name = "users";

    public async Task<IReadOnlyList<VerificationKey>> GetAsync(CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient(Name);
        var json = await http.GetByteArrayAsync("/.well-known/jwks.json", cancellationToken);
        using var document = JsonDocument.Parse(json);
        var keys = new List<VerificationKey>();
        foreach (var element in document.RootElement.GetProperty("keys").EnumerateArray())
        {
            if (VerificationKey.TryParse(element.GetRawText(), out var key))
            {
                keys.Add(key);
            }
        }

        return keys;
    }
}
