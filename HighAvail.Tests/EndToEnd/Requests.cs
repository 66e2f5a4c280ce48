using System.Net;
using System.Net.Http.Json;

namespace HighAvail.Tests.EndToEnd;

/// <summary>Requests as a client of this system sends them.</summary>
internal static class Requests
{
    /// <summary>Posts with a key, and repeats what was answered with 503: the system asks for that while a server of it comes back.</summary>
    internal static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body, CancellationToken cancellationToken) =>
        PostAsync(client, path, body, [HttpStatusCode.ServiceUnavailable], cancellationToken);

    /// <summary>The same with what else is repeated: 504 where a whole service is away for longer than a request waits.</summary>
    internal static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, string path, object body, HttpStatusCode[] repeated, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            var response = await client.SendAsync(request, cancellationToken);
            if (!repeated.Contains(response.StatusCode))
            {
                return response;
            }

            var delay = response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
            response.Dispose();
            await Task.Delay(delay, cancellationToken);
        }
    }
}
