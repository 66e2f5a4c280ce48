using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;

namespace HighAvail.Drill.Bench;

/// <summary>Requests as a client sends them: HTTP/1.1, connections kept, one per client that sends at the same time.</summary>
internal static class JsonRequests
{
    /// <param name="address">The server.</param>
    /// <param name="clients">How many connections there may be.</param>
    /// <param name="tls">Says which certificate of the server is good.</param>
    public static HttpClient CreateClient(Uri address, int clients, SslClientAuthenticationOptions tls) =>
        new(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = clients,
            // Traces begin in the system, as they do for clients from outside.
            ActivityHeadersPropagator = null,
            UseCookies = false,
            SslOptions = tls,
        })
        {
            BaseAddress = address,
        };

    /// <summary>Sends one request and reads its answer to the end.</summary>
    public static async Task<bool> SendAsync(
        this HttpClient client, HttpMethod method, string path, byte[]? body, string? token, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return response.StatusCode == expected;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
