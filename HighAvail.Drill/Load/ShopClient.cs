using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HighAvail.Drill.Load;

/// <summary>The public API as a client sees it: every method is one request, without a retry.</summary>
/// <remarks>
/// HTTP/1.1, because each request under way has a connection of its own there, as requests of different people have: with HTTP/2 all of
/// them would share the fate of one connection, and a killed gateway would fail either all that is in flight or nothing. Every request has
/// content, if only of no bytes: <see cref="SocketsHttpHandler"/> sends those without any once more, unasked, when a connection that was
/// used before ends before the first byte of an answer.
/// </remarks>
internal sealed class ShopClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly ConcurrentDictionary<string, int> _badAnswers = new();

    internal ShopClient(Uri target, X509ChainPolicy? trust, LoadOptions options)
    {
        _timeout = options.Timeout;
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = options.MaxConnections,

            // Servers close what has idled for two minutes; a client that reuses a connection at that moment would see an error of its own making.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            SslOptions = { CertificateChainPolicy = trust },
        })
        {
            BaseAddress = target,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>How often which request ended without an answer, or with which error. That something is not there, or it is too late for it, is none.</summary>
    internal IReadOnlyDictionary<string, int> BadAnswers => _badAnswers;

    public void Dispose() => _http.Dispose();

    internal Task<Reply<UserAnswer>> RegisterAsync(RegisterBody body, string key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/auth/register", null, key, JsonContent.Create(body, ShopJson.Default.RegisterBody), ShopJson.Default.UserAnswer, cancellationToken);

    internal Task<Reply<TokenAnswer>> SignInAsync(LoginBody body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/auth/login", null, null, JsonContent.Create(body, ShopJson.Default.LoginBody), ShopJson.Default.TokenAnswer, cancellationToken);

    internal Task<Reply<UserAnswer>> GetProfileAsync(AccessToken token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "/users/me", token, null, null, ShopJson.Default.UserAnswer, cancellationToken);

    internal Task<Reply<OrderAnswer>> PlaceAsync(AccessToken token, PlaceBody body, string key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/orders", token, key, JsonContent.Create(body, ShopJson.Default.PlaceBody), ShopJson.Default.OrderAnswer, cancellationToken);

    internal Task<Reply<OrderAnswer>> GetOrderAsync(AccessToken token, Guid id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, $"/orders/{id}", token, null, null, ShopJson.Default.OrderAnswer, cancellationToken);

    internal Task<Reply<PageAnswer>> ListOrdersAsync(AccessToken token, int limit, string? after, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get,
            FormattableString.Invariant($"/orders?limit={limit}{(after is null ? null : $"&after={Uri.EscapeDataString(after)}")}"),
            token,
            null,
            null,
            ShopJson.Default.PageAnswer,
            cancellationToken);

    internal Task<Reply<OrderAnswer>> CancelAsync(AccessToken token, Guid id, string key, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/orders/{id}/cancel", token, key, null, ShopJson.Default.OrderAnswer, cancellationToken);

    /// <summary>Opens the stream of an order's events, after the last one that was seen.</summary>
    /// <exception cref="HttpRequestException">It is not answered, or not with a stream.</exception>
    internal async Task<HttpResponseMessage> WatchAsync(AccessToken token, Guid id, long? seen, CancellationToken cancellationToken)
    {
        using var request = Create(HttpMethod.Get, $"/orders/{id}/events", token, null, null);
        if (seen is { } version)
        {
            request.Headers.Add("Last-Event-ID", version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw new HttpRequestException($"The stream was answered with {(int)response.StatusCode}.", null, response.StatusCode);
        }
    }

    private static HttpRequestMessage Create(HttpMethod method, string path, AccessToken? token, string? key, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, path) { Content = content ?? new ByteArrayContent([]) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private async Task<Reply<T>> SendAsync<T>(
        HttpMethod method, string path, AccessToken? token, string? key, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = Create(method, path, token, key, content);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        HttpStatusCode? status = null;
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            status = response.StatusCode;
            if (status is >= HttpStatusCode.BadRequest and not (HttpStatusCode.NotFound or HttpStatusCode.Conflict))
            {
                Note(request, $"{(int)status} {await ReadDetailAsync(response, limit.Token)}");
            }

            return new(status, response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync(type, limit.Token) : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException && status is not null)
        {
            Note(request, $"{(int)status!} {exception.Message}");
            return new(status, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Note(request, $"{(status is null ? "no answer" : $"{(int)status}, broken off")}: {exception.GetBaseException().Message}");
            return new(null, null);
        }
    }

    // The kind of request, without what is different in each.
    private void Note(HttpRequestMessage request, string what)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/').Select(static part => Guid.TryParse(part, out _) ? "{id}" : part);
        _badAnswers.AddOrUpdate($"{request.Method} {string.Join('/', path)}: {what}", 1, static (_, count) => count + 1);
    }

    private static async Task<string?> ReadDetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync(ShopJson.Default.ProblemAnswer, cancellationToken);
            return problem?.Detail ?? problem?.Title;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return response.ReasonPhrase;
        }
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">What was answered, or <see langword="null"/> if there was no whole answer in time.</param>
/// <param name="Body">What was answered well.</param>
internal readonly record struct Reply<T>(HttpStatusCode? Status, T? Body)
    where T : class
{
    /// <summary>Whether a write may have been done although it was not said.</summary>
    internal bool IsUnknown => Status is null or >= HttpStatusCode.InternalServerError || IsMalformed;

    /// <summary>Whether it was answered well, but with something that cannot be read.</summary>
    internal bool IsMalformed => Status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices && Body is null;
}
