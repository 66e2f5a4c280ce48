using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using HighAvail.Tests.EndToEnd;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.Tests.Api;

/// <summary>Nobody can make the system ask somebody else: an address, wherever it is put, is asked nothing.</summary>
[Collection(nameof(RunningSystem))]
public sealed class ForgedRequestTests(RunningSystem running)
{
    private static readonly string[] _headers =
    [
        "Host", "Forwarded", "X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-For", "X-Original-URL", "X-Rewrite-URL", "X-Callback-Url", "Origin", "Referer", "From",
        "Content-Location", "Destination", "True-Client-IP", "X-Wap-Profile", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID",
    ];

    [Fact]
    public async Task Calls_WithAnAddressInEveryValue_AskNobodyThere()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var address = $"http://{elsewhere.LocalEndpoint}/";
        var system = await ApiSystem.OpenAsync(running);
        using var client = running.CreateClient();
        var sent = 0;
        foreach (var operation in system.Catalogue.Operations)
        {
            // With a token that is good, so that they get as far as they can, and has not sent too much; and with ones that say where their key is to be had.
            var admin = await system.AdministratorAsync();
            var order = await admin.PlaceConfirmedAsync();
            (string Token, HttpRequestMessage Request)[] requests =
            [
                .. Requests(operation, address, order).Select(request => (admin.AccessToken!, request)),
                .. ((string[])["jku", "x5u", "kid"]).Select(header => (Token(header, address), Create(operation, PathOf(operation, order), Body(operation)))),
            ];
            foreach (var (token, request) in requests)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
                Assert.DoesNotContain(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests]);
                sent++;
            }
        }

        Assert.True(sent > 400, $"Only {sent} requests were sent.");
        Assert.False(elsewhere.Pending(), "Somebody has connected.");
    }

    // In each member of the body, in each part of the query string, in the path, in each header.
    private static IEnumerable<HttpRequestMessage> Requests(ApiOperation operation, string address, string order)
    {
        var path = PathOf(operation, order);
        foreach (var (name, _) in operation.Example ?? [])
        {
            var body = Body(operation)!;
            body[name] = address;
            yield return Create(operation, path, body);
        }

        foreach (var parameter in operation.Parameters.Where(static parameter => parameter["in"]!.GetValue<string>() == "query"))
        {
            yield return Create(operation, $"{path}?{parameter["name"]}={Uri.EscapeDataString(address)}", Body(operation));
        }

        yield return Create(operation, $"{path}?url={address}&callback={address}&jwks_uri={address}", Body(operation));
        if (operation.TakesId)
        {
            yield return Create(operation, PathOf(operation, Uri.EscapeDataString(address)), Body(operation));
        }

        foreach (var header in _headers)
        {
            var request = Create(operation, path, Body(operation));
            request.Headers.TryAddWithoutValidation(header, header is "Host" or "X-Forwarded-Host" ? new Uri(address).Authority : address);
            yield return request;
        }
    }

    private static string PathOf(ApiOperation operation, string id) => operation.Path.Replace("{id}", id, StringComparison.Ordinal);

    // Somebody new each time: who is in the examples may be registered by whoever tries them out.
    private static JsonObject? Body(ApiOperation operation)
    {
        var body = operation.Example;
        if (body?.ContainsKey("email") ?? false)
        {
            body["email"] = $"{Guid.NewGuid():N}@example.com";
        }

        return body;
    }

    private static HttpRequestMessage Create(ApiOperation operation, string path, JsonObject? body) =>
        new(new HttpMethod(operation.Method), path)
        {
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };

    private static string Token(string header, string address)
    {
        var head = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", [header] = address };
        var claims = new JsonObject { ["iss"] = "https://localhost:7443", ["aud"] = "highavail", ["sub"] = $"{Guid.NewGuid()}", ["exp"] = 4_000_000_000 };
        return $"{Base64UrlEncoder.Encode(head.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.{Base64UrlEncoder.Encode(new byte[64])}";
    }
}
